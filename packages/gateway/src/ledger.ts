/**
 * What is known of one producer: every `seq` up to `high` has been counted, and above it those in `ranges`, which are
 * sorted, inclusive, and apart from `high` and from each other by at least one missing `seq`.
 */
export interface LedgerEntry {
  readonly high: number;
  readonly ranges: readonly (readonly [from: number, to: number])[];
}

export interface Mark {
  readonly seen: boolean;
  readonly entry: LedgerEntry;
}

const MAX_RANGES = 256;

/**
 * Marks `seq` (1, 2, 3, …) as counted, as an idempotent Kafka producer's broker does, and tells whether it was
 * before. Over `maxRanges` the lowest gap is closed: a batch that is missing there and still comes is taken for a
 * duplicate, since losing a batch out of hundreds of gaps is better than keeping gaps without end.
 */
export function mark(entry: LedgerEntry | undefined, seq: number, maxRanges = MAX_RANGES): Mark {
  const { high, ranges } = entry ?? { high: 0, ranges: [] };
  if (seq <= high || ranges.some(([from, to]) => from <= seq && seq <= to)) {
    return { seen: true, entry: { high, ranges } };
  }
  let from = seq;
  let to = seq;
  const below: (readonly [number, number])[] = [];
  const above: (readonly [number, number])[] = [];
  for (const range of ranges) {
    if (range[1] === seq - 1) from = range[0];
    else if (range[0] === seq + 1) to = range[1];
    else if (range[1] < seq) below.push(range);
    else above.push(range);
  }
  if (from === high + 1) return { seen: false, entry: { high: to, ranges: above } };
  const all = [...below, [from, to] as const, ...above];
  const lowest = all[0];
  if (all.length > maxRanges && lowest)
    return { seen: false, entry: { high: lowest[1], ranges: all.slice(1) } };
  return { seen: false, entry: { high, ranges: all } };
}
