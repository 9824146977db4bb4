import { describe, expect, it } from 'vitest';
import { checkPromql } from './checkPromql';
import { type KnownSample, type KnownSamples, samplesOf } from './sample';

const samples: readonly KnownSample[] = [
  ...samplesOf({ name: 'requests_total', kind: 'counter', labels: ['endpoint', 'status_code'] }, ['game']),
  ...samplesOf({ name: 'duration_seconds', kind: 'histogram', labels: ['endpoint'] }, ['game']),
  ...samplesOf({ name: 'wait_seconds', kind: 'summary', labels: [] }, ['game']),
  ...samplesOf({ name: 'connections', kind: 'gauge', labels: ['database'] }, ['game']),
  ...samplesOf({ name: 'up', kind: 'gauge', labels: [] }, ['game', 'gateway']),
  { name: 'service:requests:rate5m', kind: 'gauge', labels: new Set(['service']) },
];
const known: KnownSamples = {
  samples: new Map(samples.map((sample) => [sample.name, sample])),
  histograms: new Set(['duration_seconds']),
};

const problemsOf = (expression: string) => checkPromql(expression, known).problems;
const labelsOf = (expression: string) => [...(checkPromql(expression, known).labels ?? ['any'])].sort();

describe('a faulty expression', () => {
  it.each([
    ['rate(request_total[5m])', 'request_total: nothing emits a metric of that name'],
    ['sum(rate(requests_total[5m])', 'syntax: unexpected end'],
    ['', 'syntax: unexpected end at 0'],
    ['rate(requests_total[5 minutes])', 'syntax: unexpected'],
    ['requests_total{status="500"}', 'requests_total{status}: no series there has that label'],
    ['requests_total{job="node"}', 'requests_total{job="node"}: that job has no such metric'],
    ['sum by (hour) (rate(requests_total[1h]))', 'by hour: no series there has that label'],
    ['sum(rate(requests_total[1h])) by (hour)', 'by hour: no series there has that label'],
    ['sum without (host) (up)', 'without host: no series there has that label'],
    ['sum by (endpoint) (sum by (service) (up))', 'by endpoint: no series there has that label'],
    ['avg(duration_seconds)', 'duration_seconds is a histogram: ask for duration_seconds_bucket'],
    ['duration_seconds_total', 'duration_seconds_total: nothing emits a metric of that name'],
    ['duration_seconds_sum{le="1"}', 'duration_seconds_sum{le}: no series there has that label'],
    ['requests_total{le="1"}', 'requests_total{le}: no series there has that label'],
    ['wait_seconds_sum{quantile="0.9"}', 'wait_seconds_sum{quantile}: no series there has that label'],
    [
      'histogram_quantile(0.95, sum by (service) (rate(duration_seconds_bucket[5m])))',
      'histogram_quantile: its argument has no label le',
    ],
    ['rate(connections[5m])', 'rate(connections): it is a gauge'],
    ['increase(service:requests:rate5m[1h])', 'increase(service:requests:rate5m): it is a gauge'],
    ['label_replace(up, "to", "$1", "from", "(.+)")', 'label_replace from: no series there has that label'],
    ['label_join(up, "to", "-", "service", "from")', 'label_join from: no series there has that label'],
    ['sum by (to) (label_replace(up, "other", "$1", "job", "(.+)"))', 'by to: no series there'],
    ['up / on (database) connections', 'on database: the left of div does not have that label'],
    ['connections / on (service, endpoint) up', 'on endpoint: the left of div does not have that label'],
    ['sum by (service) (up) / sum by (job) (up)', 'the sides of div never match: only the left has service'],
    ['sum by (service) (up) and sum by (job) (up)', 'the sides of and never match'],
    ['requests_total / connections', 'the sides of div never match: only the left has endpoint, status_code'],
    ['up * ignoring (instance) sum by (job) (up)', 'only the left has service, environment'],
    ['up * on (job) group_left (region) sum by (job) (up)', 'group_left region: the other side does not'],
    ['absent(ups)', 'ups: nothing emits a metric of that name'],
    ['max_over_time((sum by (no) (up))[1h:5m])', 'by no: no series there has that label'],
    ['{__name__=~"up|ups"}', 'ups: nothing emits a metric of that name'],
    ['up offset 5m unless upp @ end()', 'upp: nothing emits a metric of that name'],
    ['-(up + (connections{databases="x"}))', 'connections{databases}: no series there has that label'],
    ['topk(5, sum by (no) (up))', 'by no: no series there has that label'],
  ])('%s is told: %s', (expression, problem) => {
    expect(problemsOf(expression).join('\n')).toContain(problem);
  });
});

describe('a sound expression', () => {
  it.each([
    [
      'sum by (service) (rate(requests_total{status_code=~"5.."}[5m])) / sum by (service) (rate(requests_total[5m]))',
      ['service'],
    ],
    ['histogram_quantile(0.95, sum by (le, service) (rate(duration_seconds_bucket[5m])))', ['service']],
    [
      'rate(duration_seconds_sum[5m]) / rate(duration_seconds_count[5m])',
      ['endpoint', 'environment', 'instance', 'job', 'service'],
    ],
    ['wait_seconds{quantile="0.9"}', ['environment', 'instance', 'job', 'quantile', 'service']],
    ['sum(rate(requests_total[5m])) or on () vector(0)', []],
    [
      'sum by (endpoint) (rate(requests_total[5m])) or on() label_replace(vector(0), "endpoint", "none", "", "")',
      ['endpoint'],
    ],
    ['sum(up) * on () group_right () count_values("hour", hour())', ['hour']],
    [
      'requests_total * on (job, instance) group_left () sum by (job, instance) (up)',
      ['endpoint', 'environment', 'instance', 'job', 'service', 'status_code'],
    ],
    ['sum without (instance) (up)', ['environment', 'job', 'service']],
    ['absent(up{job="game", service!="x"})', ['job']],
    ['topk(3, sum by (endpoint) (requests_total))', ['endpoint']],
    ['label_replace(up, "job", "", "job", ".+")', ['environment', 'instance', 'service']],
    ['up{job="gateway"} == 0', ['environment', 'instance', 'job', 'service']],
    ['time() - scalar(sum(up))', ['any']],
    ['count by (job) ({job=~".+"})', ['job']],
    ['sum by (job) (up) > bool 1', ['job']],
    ['day_of_week() == 1', []],
    ['max by (service) (service:requests:rate5m) / 0.001', ['service']],
  ])('%s has no fault, and the labels %j', (expression, labels) => {
    expect(problemsOf(expression)).toEqual([]);
    expect(labelsOf(expression)).toEqual(labels);
  });
});
