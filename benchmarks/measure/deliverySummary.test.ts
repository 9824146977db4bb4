import { describe, expect, it } from 'vitest';
import { type Delivery, summarize } from './deliverySummary';

const run = (delivered: number, duplicates = 0, lastArrival = 1): Delivery => ({
  sent: 100,
  delivered,
  duplicates,
  lastArrival,
});

describe('the summary of a row', () => {
  it('counts over all runs, and names the worst', () => {
    expect(summarize([run(100), run(50), run(90)])).toMatchObject({ runs: 3, share: 0.8, worst: 0.5 });
  });

  it('takes a run for exact when nothing was lost and nothing came twice', () => {
    expect(summarize([run(100), run(99), run(100, 3)])).toMatchObject({ exact: 1, duplicates: 3 });
  });

  it('knows the latest arrival, which the patience must exceed', () => {
    expect(summarize([run(100, 0, 2), run(100, 0, 9), run(100, 0, 4)])?.lastArrival).toBe(9);
  });
});
