import { describe, expect, it } from 'vitest';
import { summarize } from '../measure/deliverySummary';
import { mergeResults, NO_RESULTS, type Results } from './results';

const arrived = (...counts: readonly number[]) =>
  summarize(counts.map((delivered) => ({ sent: 100, delivered, duplicates: 0, lastArrival: 1 })));

const wire = { requests: 2, bytes: 790, bytesPerEvent: 0.79 };

const before: Results = {
  environments: { wire: 'Monday', delivery: 'Monday' },
  libraries: {
    ours: { wire, deliveries: { offline: arrived(100), killed: arrived(99) } },
    faro: { deliveries: { offline: arrived(0) } },
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
      libraries: { ours: { deliveries: { killed: arrived(100, 100) } } },
    });
    expect(merged.libraries['ours']?.deliveries).toEqual({
      offline: arrived(100),
      killed: arrived(100, 100),
    });
    expect(merged.libraries['faro']?.deliveries).toEqual({ offline: arrived(0) });
  });

  it('starts with nothing', () => {
    expect(mergeResults(NO_RESULTS, before)).toEqual(before);
  });
});
