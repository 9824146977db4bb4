import type { QueueRecord } from '../enrich';
import type { QueueEntry, QueueReader } from './queueReader';
import type { RecordOutput } from './recordOutput';

/** Records read at a time, and at the most in one gathering: both bound how long the event loop stands still. */
const PAGE = 100;
const MAX_SCANNED = 5_000;

export interface Gathered {
  readonly entries: readonly QueueEntry[];
  /** The key behind all that was looked at, taken or not. */
  readonly next: number;
  /** Records that were taken out of a full queue before this output had come to them. */
  readonly lost: number;
  /** Records that have no place at this end any more. */
  readonly hopeless: number;
  /** Whether the batch is as large as it may be, or the look around had to end early. */
  readonly full: boolean;
}

/** About what a record takes in a request, in bytes. */
function roughBytes(record: QueueRecord): number {
  const fields = (record.kind === 'log' ? record.log.fields : record.span.attributes) ?? {};
  let bytes = 300 + (record.kind === 'log' ? record.log.message.length : record.span.name.length);
  for (const [name, value] of Object.entries(fields)) {
    bytes += name.length + 8 + (typeof value === 'string' ? value.length : 8);
  }
  return bytes;
}

/** The next batch of an output, from the key `from` on. */
export function gather(queue: QueueReader, output: RecordOutput, from: number, now: number): Gathered {
  const { first, next: end } = queue.ends();
  const start = Math.max(from, first);
  const stop = Math.min(end, start + MAX_SCANNED);
  const entries: QueueEntry[] = [];
  let hopeless = 0;
  let bytes = 0;
  let next = start;

  const gathered = (full: boolean): Gathered => ({ entries, next, lost: start - from, hopeless, full });
  while (next < stop) {
    const page = queue.read(next, Math.min(PAGE, stop - next));
    for (const entry of page) {
      const { key, record } = entry;
      if (output.takes(record)) {
        if (output.hopeless?.is(record, now)) {
          hopeless++;
        } else {
          bytes += roughBytes(record);
          if (entries.length > 0 && bytes > output.batch.bytes) return gathered(true);
          entries.push(entry);
        }
      }
      next = key + 1;
      if (entries.length >= output.batch.records) return gathered(true);
    }
    if (page.length === 0) break;
  }
  next = Math.max(next, stop);
  return gathered(stop < end);
}
