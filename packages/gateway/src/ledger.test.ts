import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LedgerEntry, mark } from './ledger';

const seqs = fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 120 });

function contains({ high, ranges }: LedgerEntry, seq: number): boolean {
  return seq <= high || ranges.some(([from, to]) => from <= seq && seq <= to);
}

function expectTidy({ high, ranges }: LedgerEntry): void {
  let end = high;
  for (const [from, to] of ranges) {
    expect(from).toBeGreaterThan(end + 1);
    expect(to).toBeGreaterThanOrEqual(from);
    end = to;
  }
}

describe('the ledger of a producer', () => {
  it('knows of every seq, in any order, whether it has seen it, as a set would', () => {
    fc.assert(
      fc.property(seqs, (order) => {
        const model = new Set<number>();
        let entry: LedgerEntry | undefined;
        for (const seq of order) {
          const result = mark(entry, seq);
          expect(result.seen).toBe(model.has(seq));
          model.add(seq);
          entry = result.entry;
          expectTidy(entry);
          const marked = entry;
          for (let other = 1; other <= 61; other++) expect(contains(marked, other)).toBe(model.has(other));
        }
      }),
    );
  });

  it('is one number once every gap has filled', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(
          Array.from({ length: 40 }, (_, i) => i + 1),
          { minLength: 40 },
        ),
        (order) => {
          const entry = order.reduce<LedgerEntry | undefined>(
            (before, seq) => mark(before, seq).entry,
            undefined,
          );
          expect(entry).toEqual({ high: 40, ranges: [] });
        },
      ),
    );
  });

  it('stays within its bound of ranges, and never takes a seq twice for it', () => {
    fc.assert(
      fc.property(seqs, fc.integer({ min: 1, max: 5 }), (order, bound) => {
        const counted = new Set<number>();
        let entry: LedgerEntry | undefined;
        for (const seq of order) {
          const result = mark(entry, seq, bound);
          if (!result.seen) {
            expect(counted.has(seq)).toBe(false);
            counted.add(seq);
          }
          entry = result.entry;
          expect(entry.ranges.length).toBeLessThanOrEqual(bound);
          expectTidy(entry);
        }
      }),
    );
  });

  it('closes the lowest gap when there is one too many', () => {
    const entry = [2, 4, 6].reduce<LedgerEntry | undefined>(
      (before, seq) => mark(before, seq, 2).entry,
      undefined,
    );
    expect(entry).toEqual({
      high: 2,
      ranges: [
        [4, 4],
        [6, 6],
      ],
    });
    expect(mark(entry, 1).seen).toBe(true);
    expect(mark(entry, 3).seen).toBe(false);
  });
});
