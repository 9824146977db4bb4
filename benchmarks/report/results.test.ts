import { describe, expect, it } from 'vitest';
import type { Delivery } from '../measure/delivery';
import { mergeResults, NO_RESULTS, type Results, summarize } from './results';

const run = (delivered: number, duplicates = 0, lastArrival = 1): Delivery => ({
  sent: 100,
  delivered,
  duplicates,
  lastArrival,
});

const wire = { requests: 2, bytes: 790, bytesPerEvent: 0.79 };

const before: Results = {
  environments: { wire: 'Monday', delivery: 'Monday' },
  libraries: {
    ours: { wire, deliveries: { offline: [run(100)], killed: [run(99)] } },
    faro: { deliveries: { offline: [run(0)] } },
  },
};

describe('merging results', () => {
  it('adds a part and keeps the others', () => {
    const longTasks = { spread: 0, throttled: 0, burst: 0 };
    const merged = mergeResults(before, {
      environments: { tasks: 'Tuesday' },
      libraries: { ours: { longTasks } },
    });
    expect(merged.libraries['ours']).toEqual({ ...before.libraries['ours'], longTasks });
    expect(merged.libraries['faro']).toEqual(before.libraries['faro']);
    expect(merged.environments).toEqual({ wire: 'Monday', delivery: 'Monday', tasks: 'Tuesday' });
  });

  it('replaces the runs of the row and library that were measured again, and no others', () => {
    const merged = mergeResults(before, {
      environments: {},
      libraries: { ours: { deliveries: { killed: [run(100), run(100)] } } },
    });
    expect(merged.libraries['ours']?.deliveries).toEqual({
      offline: [run(100)],
      killed: [run(100), run(100)],
    });
    expect(merged.libraries['faro']?.deliveries).toEqual({ offline: [run(0)] });
  });

  it('starts with nothing', () => {
    expect(mergeResults(NO_RESULTS, before)).toEqual(before);
  });
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

  it('is nothing without runs', () => {
    expect(summarize([])).toBeUndefined();
    expect(summarize(undefined)).toBeUndefined();
  });
});
