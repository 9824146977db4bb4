import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ErrorGroup,
  HISTORY_SECONDS,
  type LogLine,
  MAX_LOGS,
  type SecondRow,
  type Update,
} from '../wire';
import { createModel } from './model';

const T = 1_700_000_000;
const nothing = { count: 0, p50: null, p95: null, most: 0 };
const unseen = { count: 0, p75: null, good: 0, fair: 0, poor: 0 };

const row = (s: number, actions = 0, q: SecondRow['q'] = [null, null, null, null]): SecondRow => ({
  s,
  n: [actions, 0, 0, 0, 0, 0],
  q,
});
const line = (id: number): LogLine => ({ id, at: T * 1_000, level: 'info', message: `m${id}`, fields: [] });
const group = (id: number, more: Partial<ErrorGroup> = {}): ErrorGroup => ({
  id,
  type: 'TypeError',
  message: 'm',
  count: 1,
  first: T,
  last: T + id,
  ...more,
});

function update(more: Partial<Update> = {}): Update {
  return {
    reset: false,
    now: T * 1_000,
    active: 0,
    seconds: [],
    timings: { api: nothing, loads: nothing },
    vitals: {
      web_vital_lcp_ms: unseen,
      web_vital_inp_ms: unseen,
      web_vital_cls: unseen,
      web_vital_fcp_ms: unseen,
      web_vital_ttfb_ms: unseen,
    },
    actions: [],
    games: [],
    others: [],
    endpoints: [],
    delivery: { outputs: [], accepted: 0, rejected: 0, duplicates: 0, batches: 0, dropped: [] },
    logs: [],
    logsSkipped: 0,
    errors: [],
    errorsGone: [],
    ...more,
  };
}

describe('the model', () => {
  it('draws seconds that are over, each as the mean of five', () => {
    const model = createModel();
    model.apply(
      update({
        seconds: [row(T, 10), row(T + 1), row(T + 2), row(T + 3), row(T + 4), row(T + 5), row(T + 6, 99)],
      }),
    );
    const { seconds, series } = model.rates(['actions'], 3);
    expect(seconds).toEqual([T + 3, T + 4, T + 5]);
    expect(series).toEqual([[2.5, 2, 0]]);
    expect(model.counts('actions', 2)).toEqual({ seconds: [T + 4, T + 5], series: [[0, 0]] });
    expect(model.total('actions')).toBe(109);
  });

  it('takes a second again as it grows, and one that is late', () => {
    const model = createModel();
    model.apply(update({ seconds: [row(T, 1), row(T + 1, 1), row(T + 2, 1)] }));
    model.apply(update({ seconds: [row(T + 1, 5), row(T + 2, 2), row(T + 3)] }));
    expect(model.counts('actions', 10)).toEqual({ seconds: [T, T + 1, T + 2], series: [[1, 5, 2]] });
  });

  it('keeps no more than the history, however long it runs', () => {
    const model = createModel();
    for (let s = 0; s < 1_000; s++) {
      model.apply(update({ seconds: [row(T + s, 1), row(T + s + 1)], logs: [line(s * 2), line(s * 2 + 1)] }));
    }
    expect(model.rates(['actions'], 10_000).seconds).toHaveLength(HISTORY_SECONDS - 1);
    expect(model.total('actions')).toBe(HISTORY_SECONDS - 1);
    expect(model.logs()).toHaveLength(MAX_LOGS);
    expect(model.logs().at(-1)?.id).toBe(1_999);
  });

  it('shows a log line once, also when it comes twice', () => {
    const model = createModel();
    model.apply(update({ reset: true, logs: [line(1), line(2)] }));
    model.apply(update({ logs: [line(2), line(3)] }));
    expect(model.logs().map(({ id }) => id)).toEqual([1, 2, 3]);
  });

  it('keeps the stack of an error whose count goes on, and drops what is gone', () => {
    const model = createModel();
    model.apply(update({ errors: [group(1, { stack: 'at a' }), group(2, { stack: '' })] }));
    model.apply(update({ errors: [group(1, { count: 2, last: T + 9 })], errorsGone: [2] }));
    expect(model.errors()).toEqual([group(1, { count: 2, last: T + 9, stack: 'at a' })]);
  });

  it('begins anew with what is whole', () => {
    const model = createModel();
    model.apply(update({ seconds: [row(T, 5)], logs: [line(7)], errors: [group(1)] }));
    model.apply(update({ reset: true, seconds: [row(T + 9, 1)], logs: [line(3)] }));
    expect(model.total('actions')).toBe(1);
    expect(model.logs().map(({ id }) => id)).toEqual([3]);
    expect(model.errors()).toEqual([]);
  });

  it('never draws more in the mean than there was', () => {
    const counts = fc.array(fc.nat(1_000), { minLength: 2, maxLength: 60 });
    fc.assert(
      fc.property(counts, fc.integer({ min: 1, max: 80 }), (list, span) => {
        const model = createModel();
        model.apply(update({ seconds: list.map((actions, at) => row(T + at, actions)) }));
        const [means = []] = model.rates(['actions'], span).series;
        expect(means).toHaveLength(Math.min(span, list.length - 1));
        for (const mean of means) expect(mean).toBeLessThanOrEqual(Math.max(...list));
      }),
    );
  });
});
