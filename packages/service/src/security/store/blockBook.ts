/** Blocks by key, of a bounded number. */
export interface BlockBook {
  /** A block that ends later stays. */
  set(key: string, until: number, now: number): void;
  /** Ends a block, if there is one. */
  delete(key: string): void;
  /** When a block ends, Unix time in ms; 0 where there is none. */
  until(key: string): number;
  /** All blocks, those that have ended among them until there is no room. */
  entries(): IterableIterator<[key: string, until: number]>;
  readonly size: number;
}

/** Where there are more than `max`, the block that would have ended first ends. */
export function createBlockBook(max: number): BlockBook {
  const blocks = new Map<string, number>();

  const makeRoom = (now: number): void => {
    let first: [key: string, until: number] | undefined;
    for (const block of blocks) {
      if (block[1] <= now) blocks.delete(block[0]);
      else if (!first || block[1] < first[1]) first = block;
    }
    if (blocks.size >= max && first) blocks.delete(first[0]);
  };

  return {
    set(key, until, now) {
      if (until <= (blocks.get(key) ?? now)) return;
      if (blocks.size >= max && !blocks.has(key)) makeRoom(now);
      blocks.set(key, until);
    },
    delete: (key) => void blocks.delete(key),
    until: (key) => blocks.get(key) ?? 0,
    entries: () => blocks.entries(),
    get size() {
      return blocks.size;
    },
  };
}
