import type { LogEntry } from '../logEntry';
import { type Answer, matchLabels, matchQuery } from '../matchQuery';
import type { Query } from '../query';
import type { QueryRange } from '../toLogql';
import { eraseLines } from './erasure';
import { boundKey, type LineIdentity, lineKey, nanosOfKey } from './lineKey';
import { openEnvironment } from './openEnvironment';
import { createRetention, type RetentionOptions } from './retention';
import { addTo, type Labels, openTables, type Position, type StoredLine, storedBytes } from './tables';

/**
 * A line to keep. Its identity makes a line that comes again one and the same: of a file its place there, of a push its
 * content, as Loki has it.
 */
export interface KeptLine extends LineIdentity {
  readonly entry: LogEntry;
}

/** What one commit changes, all of it or nothing. */
interface Changes {
  readonly lines: readonly KeptLine[];
  /** Lines that are not kept, by reason. */
  readonly dropped?: Readonly<Record<string, number>>;
  readonly position?: Position;
  readonly forget?: readonly string[];
}

export interface StoreStats {
  readonly lines: number;
  readonly bytes: number;
  readonly streams: number;
  /** Lines that came again and are there once. */
  readonly duplicates: number;
  /** Lines that are not there, by reason: `debug_in_production`, `too_old`, `too_many_bytes`, `erased`. */
  readonly dropped: Readonly<Record<string, number>>;
}

export interface LineStore {
  /** Resolves when it is on the disk, and there is room for more. Answers how many lines were new. */
  commit(changes: Changes): Promise<{ readonly added: number }>;
  /** The newest lines that answer a query, the oldest of them first. */
  ask(query: Query, range: QueryRange): Answer[];
  position(name: string): Position['value'] | undefined;
  positions(): Position[];
  stats(): StoreStats;
  /** Takes out what is too old by now (Unix time in ns); answers how many lines that were. */
  sweep(now: bigint): Promise<number>;
  /** Takes out the lines that name one of these users; answers how many lines that were. */
  erase(users: ReadonlySet<string>): Promise<number>;
  close(): Promise<void>;
}

export interface LineStoreOptions extends RetentionOptions {
  readonly folder: string;
  readonly readOnly?: boolean;
}

function canonical(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * lmdb-js rejects with a plain error and puts the cause into a second promise, which ends the process as an unhandled
 * rejection if nobody takes it.
 */
async function withCause<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Error && 'commitError' in error) {
      await Promise.resolve(error.commitError).catch((cause: unknown) => {
        throw new Error(`the store of logs cannot be written: ${String(cause)}`, { cause });
      });
    }
    throw error;
  }
}

/**
 * Lines in LMDB, by stream and time. Several processes may have it open: one writes at a time, and readers never wait.
 * A stream is a set of labels, as at Loki, and a question begins with those that match.
 */
export function openLineStore({
  folder,
  readOnly = false,
  ...retentionOptions
}: LineStoreOptions): LineStore {
  // Free pages come back only when no reader looks at them any more: twice the bound is room enough, and some.
  const mapSize = Math.max(1 << 30, retentionOptions.maxBytes * 4);
  const env = openEnvironment(folder, { mapSize, readOnly });
  const tables = openTables(env);
  const { lines, streams, streamIds, counts, positions } = tables;
  const retention = createRetention(tables, retentionOptions);

  const streamOf = (labels: Labels): number => {
    const text = canonical(labels);
    const known = streamIds.get(text);
    if (known !== undefined) return known;
    const id = (counts.get('lastStream') ?? 0) + 1;
    counts.put('lastStream', id);
    streamIds.put(text, id);
    streams.put(id, labels);
    return id;
  };

  const write = ({ lines: kept, dropped = {}, position, forget = [] }: Changes): { added: number } => {
    let added = 0;
    let bytes = 0;
    for (const { entry, ...identity } of kept) {
      const stored: StoredLine = [entry.line, entry.metadata];
      const key = lineKey(streamOf(entry.labels), entry.nanos, identity);
      if (lines.doesExist(key)) continue;
      lines.put(key, stored);
      added++;
      bytes += storedBytes(stored);
    }
    addTo(counts, 'lines', added);
    addTo(counts, 'bytes', bytes);
    addTo(counts, 'duplicates', kept.length - added);
    for (const [reason, amount] of Object.entries(dropped)) addTo(counts, `dropped ${reason}`, amount);
    if (position) positions.put(position.name, position.value);
    for (const name of forget) positions.remove(name);
    return { added };
  };

  const readStream = (
    stream: number,
    labels: Labels,
    query: Query,
    { from, to, limit }: QueryRange,
  ): Answer[] => {
    const answers: Answer[] = [];
    // Downwards: the newest are wanted, and `end` is left out.
    const range = { start: boundKey(stream, to), end: boundKey(stream, from), reverse: true };
    for (const { key, value } of lines.getRange(range)) {
      const [line, metadata] = value;
      const answer = matchQuery(query, { labels, metadata, nanos: nanosOfKey(key), line });
      if (answer) answers.push(answer);
      if (answers.length >= limit) break;
    }
    return answers;
  };

  return {
    async commit(changes) {
      const written = await withCause(env.transaction(() => write(changes)));
      if ((counts.get('bytes') ?? 0) > retentionOptions.maxBytes) await withCause(retention.makeRoom());
      return written;
    },
    ask(query, range) {
      const answers = [...streams.getRange()].flatMap(({ key, value }) =>
        matchLabels(query, value) ? readStream(key, value, query, range) : [],
      );
      const byTime = answers.sort((a, b) => Number(b.entry.nanos - a.entry.nanos));
      return byTime.slice(0, range.limit).reverse();
    },
    position: (name) => positions.get(name),
    positions: () => [...positions.getRange()].map(({ key, value }) => ({ name: key, value })),
    stats() {
      const all = [...counts.getRange()].map(({ key, value }) => [key, value] as const);
      const dropped = all.flatMap(([key, value]) =>
        key.startsWith('dropped ') ? [[key.slice(8), value] as const] : [],
      );
      const { lines: count = 0, bytes = 0, duplicates = 0 } = Object.fromEntries(all);
      return {
        lines: count,
        bytes,
        duplicates,
        streams: streams.getCount(),
        dropped: Object.fromEntries(dropped),
      };
    },
    sweep: (now) => withCause(retention.takeOld(now)),
    erase: (users) => withCause(eraseLines(tables, users)),
    close: () => env.close(),
  };
}
