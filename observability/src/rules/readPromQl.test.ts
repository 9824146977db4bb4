import { describe, expect, it } from 'vitest';
import { readPromQl } from './readPromQl';

describe('reading PromQL', () => {
  it('finds the metrics that an expression asks for, each once', () => {
    const { fault, metrics } = readPromQl(
      'sum by (job) (rate(a_total{x="b_total"}[5m])) / on (job) group_left () max_over_time(c:d:e[1h:1m] offset 1d) > a_total',
    );
    expect(fault).toBeUndefined();
    expect(metrics).toEqual(['a_total', 'c:d:e']);
  });

  it.each([
    ['sum(rate(a_total[5m])', 'its end'],
    ['rate(a_total[5m)', ')'],
    ['a_total and and b_total', 'b_total'],
    ['a_total{x=y}', 'y}'],
  ])('says where %s goes wrong', (expression, fault) => {
    expect(readPromQl(expression).fault).toBe(fault);
  });
});
