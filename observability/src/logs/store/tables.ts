import type { Database, RootDatabase } from 'lmdb';

/** How far a reader has come, by whatever name it has. */
export interface Position {
  readonly name: string;
  readonly value: Readonly<Record<string, string | number>>;
}

export type StoredLine = readonly [line: string, metadata: Readonly<Record<string, string>>];
export type Labels = Readonly<Record<string, string>>;

/** The tables of the store. */
export interface Tables {
  readonly env: RootDatabase;
  /** By `lineKey`. */
  readonly lines: Database<StoredLine, Buffer>;
  readonly streams: Database<Labels, number>;
  /** By the stream's labels. */
  readonly streamIds: Database<number, string>;
  readonly counts: Database<number, string>;
  readonly positions: Database<Position['value'], string>;
}

export function openTables(env: RootDatabase): Tables {
  return {
    env,
    lines: env.openDB<StoredLine, Buffer>({ name: 'lines', keyEncoding: 'binary' }),
    streams: env.openDB<Labels, number>({ name: 'streams', keyEncoding: 'uint32' }),
    streamIds: env.openDB<number, string>({ name: 'streamIds' }),
    counts: env.openDB<number, string>({ name: 'counts' }),
    positions: env.openDB<Position['value'], string>({ name: 'positions' }),
  };
}

/** About what a line takes on the disk, in bytes. */
export function storedBytes([line, metadata]: StoredLine): number {
  const beside = Object.entries(metadata).reduce(
    (sum, [name, value]) => sum + name.length + value.length + 2,
    0,
  );
  return 32 + Buffer.byteLength(line) + beside;
}

export function addTo(counts: Tables['counts'], name: string, amount: number): void {
  if (amount !== 0) counts.put(name, (counts.get(name) ?? 0) + amount);
}
