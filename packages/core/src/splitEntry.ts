import type { Batch } from '@artel/telemetry-protocol';
import { type Entry, type Identity, makeEntry } from './entry';

const LISTS = ['metrics', 'logs', 'spans'] as const;

/**
 * Divides a batch that the gateway refused as a whole, so that halving finds the item that is wrong. The first half
 * keeps the batch's identity, which was never counted; the second is given `next`. A batch of one item comes back as
 * it is.
 */
export function splitEntry(entry: Entry, next: Identity): readonly Entry[] {
  const batch = JSON.parse(entry.body) as Batch;
  const items = LISTS.flatMap((list) => (batch[list] ?? []).map((item) => [list, item] as const));
  const half = items.length >> 1;
  if (!half) return [entry];
  // How many events the points stand for is known only of counters of single events; the halves share the number.
  const events = Math.ceil((entry.events * half) / items.length);
  const part = (identity: Identity, from: number, to: number, facts: Pick<Entry, 'events' | 'drops'>) => {
    const lists: Record<(typeof LISTS)[number], unknown[]> = { metrics: [], logs: [], spans: [] };
    for (const [list, item] of items.slice(from, to)) lists[list].push(item);
    return makeEntry(identity, { ...entry, ...facts }, { ...batch, ...lists } as Batch);
  };
  return [
    part(entry, 0, half, { events, drops: entry.drops }),
    part(next, half, items.length, { events: entry.events - events, drops: undefined }),
  ];
}
