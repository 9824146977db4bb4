import { boundKey, nanosOfKey } from './lineKey';
import { addTo, storedBytes, type Tables } from './tables';

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

const END_OF_TIME = 2n ** 63n;

interface Taken {
  readonly lines: number;
  readonly bytes: number;
}

interface Oldest {
  readonly stream: number;
  readonly nanos: bigint;
}

/** Takes lines out that are too old, or too much. */
export function createRetention(tables: Tables, { keepMs, maxBytes }: RetentionOptions) {
  const { env, lines, streams, counts } = tables;

  /** The oldest line of a stream. */
  const oldestOf = (stream: number): Oldest[] => {
    const range = { start: boundKey(stream, 0n), end: boundKey(stream + 1, 0n), limit: 1 };
    return [...lines.getKeys(range)].map((key) => ({ stream, nanos: nanosOfKey(key) }));
  };

  /** The oldest line of each stream, the oldest first. */
  const byAge = (all: readonly Oldest[]): Oldest[] => [...all].sort((a, b) => Number(a.nanos - b.nanos));

  /** Takes out the first lines of a stream, before a time and until so many bytes are gone. */
  const takeOut = (stream: number, before: bigint, bytes: number): Taken => {
    const range = { start: boundKey(stream, 0n), end: boundKey(stream, before), limit: AT_ONCE };
    const taken = { lines: 0, bytes: 0 };
    for (const { key, value } of [...lines.getRange(range)]) {
      if (taken.bytes >= bytes) break;
      lines.remove(key);
      taken.lines++;
      taken.bytes += storedBytes(value);
    }
    return taken;
  };

  /** Takes out the oldest lines of all streams, before a time and until so many bytes are gone, as many as one transaction may. */
  const takeOldest = (before: bigint, bytes: number, reason: string): number => {
    let left = byAge([...streams.getKeys()].flatMap(oldestOf));
    const all = { lines: 0, bytes: 0 };
    while (all.lines < AT_ONCE && all.bytes < bytes) {
      const [first, second] = left;
      if (!first || first.nanos >= before) break;
      // As far as no other stream has an older line.
      const until = second && second.nanos < before ? second.nanos + 1n : before;
      const taken = takeOut(first.stream, until, bytes - all.bytes);
      all.lines += taken.lines;
      all.bytes += taken.bytes;
      left = byAge([...left.slice(1), ...oldestOf(first.stream)]);
    }
    addTo(counts, 'lines', -all.lines);
    addTo(counts, 'bytes', -all.bytes);
    addTo(counts, `dropped ${reason}`, all.lines);
    return all.lines;
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
      return untilNone(() => takeOldest(before > 0n ? before : 0n, Number.POSITIVE_INFINITY, 'too_old'));
    },
    /** Takes out the oldest lines until there is room again. */
    makeRoom: (): Promise<number> =>
      untilNone(() =>
        takeOldest(END_OF_TIME, (counts.get('bytes') ?? 0) - maxBytes * ROOM, 'too_many_bytes'),
      ),
  };
}
