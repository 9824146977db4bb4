import { boundKey, nanosOfKey } from './lineKey';
import { addTo, storedBytes, type Tables } from './lineStore';

export interface RetentionOptions {
  /** How long a line is kept by its own time, in ms. */
  readonly keepMs: number;
  /** How much is kept, in bytes of lines and metadata; the oldest lines go first, whatever their stream. */
  readonly maxBytes: number;
}

/** Lines taken out in one transaction: others who write wait no longer than that takes. */
const AT_ONCE = 2_000;
/** What goes once the bound is reached, so that not each commit has to make room. */
const ROOM = 0.95;

interface Oldest {
  readonly stream: number;
  readonly nanos: bigint;
}

/** Takes lines out that are too old, or too much. */
export function createRetention(tables: Tables, { keepMs, maxBytes }: RetentionOptions) {
  const { env, lines, streams, counts } = tables;

  /** The oldest line of each stream, the oldest first. */
  const oldest = (): Oldest[] =>
    [...streams.getKeys()]
      .flatMap((stream): Oldest[] => {
        const range = { start: boundKey(stream, 0n), end: boundKey(stream + 1, 0n), limit: 1 };
        return [...lines.getKeys(range)].map((key) => ({ stream, nanos: nanosOfKey(key) }));
      })
      .sort((a, b) => Number(a.nanos - b.nanos));

  /** Takes out the first lines of a stream, before a time and until so many bytes are gone. */
  const takeOut = (stream: number, before: bigint, bytes: number, reason: string): number => {
    const range = { start: boundKey(stream, 0n), end: boundKey(stream, before), limit: AT_ONCE };
    let taken = 0;
    let freed = 0;
    for (const { key, value } of [...lines.getRange(range)]) {
      if (freed >= bytes) break;
      lines.remove(key);
      taken++;
      freed += storedBytes(value);
    }
    addTo(counts, 'lines', -taken);
    addTo(counts, 'bytes', -freed);
    addTo(counts, `dropped ${reason}`, taken);
    return taken;
  };

  const takeOldest = (before: bigint): number => {
    const [first] = oldest();
    if (!first || first.nanos >= before) return 0;
    return takeOut(first.stream, before, Number.POSITIVE_INFINITY, 'too_old');
  };

  const takeMuch = (): number => {
    const tooMuch = (counts.get('bytes') ?? 0) - maxBytes * ROOM;
    const [first, second] = oldest();
    if (!first || tooMuch <= 0) return 0;
    // As far as no other stream has an older line.
    const before = second ? second.nanos + 1n : 2n ** 63n;
    return takeOut(first.stream, before, tooMuch, 'too_many_bytes');
  };

  const untilNone = async (take: () => number): Promise<number> => {
    let all = 0;
    for (let taken = 1; taken > 0; all += taken) taken = await env.transaction(take);
    return all;
  };

  return {
    /** Takes out what is older than it may be at a time (Unix time in ns). Answers how many lines that were. */
    takeOld(now: bigint): Promise<number> {
      const before = now - BigInt(keepMs) * 1_000_000n;
      return untilNone(() => takeOldest(before > 0n ? before : 0n));
    },
    /** Takes out the oldest lines until there is room again. */
    makeRoom: (): Promise<number> => untilNone(takeMuch),
  };
}
