import type { Batch } from '@artel/telemetry-protocol';
import { type Entry, makeEntry } from './entry';

type List = 'metrics' | 'logs' | 'spans';

const LISTS: readonly List[] = ['metrics', 'logs', 'spans'];

function slice(batch: Batch, from: number, to: number): Partial<Pick<Batch, List>> & Pick<Batch, 'metrics'> {
  const part: { metrics: Batch['metrics']; logs?: Batch['logs']; spans?: Batch['spans'] } = { metrics: [] };
  let offset = 0;
  for (const list of LISTS) {
    const items = batch[list] ?? [];
    const piece = items.slice(Math.max(0, from - offset), Math.max(0, to - offset));
    if (piece.length > 0) Object.assign(part, { [list]: piece });
    offset += items.length;
  }
  return part as ReturnType<typeof slice>;
}

/**
 * Divides a batch that the gateway refused as a whole, so that halving finds the item that is wrong. The first half
 * keeps the batch's identity, which was never counted; the second is given `next`. A batch of one item comes back as
 * it is.
 */
export function splitEntry(
  entry: Entry,
  next: { readonly producer: string; readonly seq: number },
): readonly Entry[] {
  const batch = JSON.parse(entry.body) as Batch;
  const items = LISTS.reduce((sum, list) => sum + (batch[list]?.length ?? 0), 0);
  if (items < 2) return [entry];
  const half = items >> 1;
  const { metrics: _metrics, logs: _logs, spans: _spans, dropped: _dropped, ...envelope } = batch;
  const { producer, seq, user } = entry;
  // How many events the points stand for is known only of counters of single events; the halves share the number.
  const events = Math.min(entry.events, Math.ceil((entry.events * half) / items));
  const facts = { priority: entry.priority, at: entry.at, ...(user === undefined ? {} : { user }) };
  const drops = entry.drops ? { drops: entry.drops } : {};
  return [
    makeEntry(
      {
        ...envelope,
        ...slice(batch, 0, half),
        ...(batch.dropped ? { dropped: batch.dropped } : {}),
        producer,
        seq,
      },
      { ...facts, ...drops, events },
    ),
    makeEntry(
      { ...envelope, ...slice(batch, half, items), ...next },
      { ...facts, events: entry.events - events },
    ),
  ];
}
