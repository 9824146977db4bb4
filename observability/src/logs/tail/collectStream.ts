import { randomUUID } from 'node:crypto';
import type { LineStore } from '../store/lineStore';
import { keepLines, type Source } from './keepLines';
import { MAX_LINE_BYTES, splitLines } from './splitLines';

export interface CollectStreamOptions extends Pick<Source, 'labels'> {
  readonly store: Pick<LineStore, 'commit'>;
  readonly input: AsyncIterable<Uint8Array>;
  /** Unix time in ms. */
  readonly now: () => number;
}

/**
 * Keeps the lines of a stream, such as standard input, each piece before the next is read. What a stream has given cannot be
 * read again: lines that it gave and that were not kept when this ended by force are lost.
 */
export async function collectStream({ store, input, labels, now }: CollectStreamOptions): Promise<void> {
  const id = randomUUID();
  let offset = 0;
  let rest = Buffer.alloc(0);
  const keep = async (isLast: boolean): Promise<void> => {
    const { lines, used } = splitLines(rest, isLast);
    const named = lines.map((line) => {
      const order = offset + line.at;
      return { ...line, identity: `${id} ${order}`, order };
    });
    if (named.length > 0) {
      await keepLines(store, named, { labels, metadata: {}, now: BigInt(now()) * 1_000_000n });
    }
    offset += used;
    rest = rest.subarray(used);
  };
  for await (const chunk of input) {
    rest = Buffer.concat([rest, chunk]);
    await keep(rest.length > 4 * MAX_LINE_BYTES);
  }
  await keep(true);
}
