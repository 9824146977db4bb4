import { expect, it } from 'vitest';
import { limits } from './limits';
import { labelNameProblem, metricNameProblem } from './names';

it.each(['user_action_total', 'a', '_x', 'service:requests:rate5m', 'processed_total'])(
  'a metric may be named %s',
  (name) => {
    expect(metricNameProblem(name)).toBeUndefined();
  },
);

it.each([
  ['', 'is not a Prometheus metric name'],
  ['a-b', '"a-b" is not a Prometheus metric name, ^[a-zA-Z_:]'],
  ['7up', 'is not a Prometheus metric name'],
  ['a\n', 'is not a Prometheus metric name'],
  ['__name', 'reserved'],
  ['load_ms_bucket', 'reserved'],
  ['artel_gateway_up', 'reserved'],
  ['process_starts_total', 'reserved'],
  ['nodejs_heap', 'reserved'],
  ['x'.repeat(limits.nameLength + 1), '129 characters, the limit is 128'],
])('a metric must not be named %j', (name, problem) => {
  expect(metricNameProblem(name)).toContain(problem);
});

it.each(['action', '_x', 'level', 'status_code'])('a label may be named %s', (name) => {
  expect(labelNameProblem(name)).toBeUndefined();
});

it.each([
  ['', 'is not a Prometheus label name'],
  ['a:b', '"a:b" is not a Prometheus label name'],
  ['__name__', 'reserved'],
  ['le', 'reserved'],
  ['quantile', 'reserved'],
  ['x'.repeat(limits.labelNameLength + 1), '65 characters, the limit is 64'],
])('a label must not be named %j', (name, problem) => {
  expect(labelNameProblem(name)).toContain(problem);
});
