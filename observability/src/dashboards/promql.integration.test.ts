import { expect, it } from 'vitest';
import { interpolate } from '../queries/interpolate';
import { complaintsOf, withoutPromtool } from '../testing/evaluate';
import { atMost, grown, orZero, quantile, ratio } from './promql';

const part = 'sum by (service) (rate(requests_total{status_code=~"5.."}[5m]))';
const whole = 'sum by (service) (rate(requests_total[5m]))';

it.skipIf(withoutPromtool)('shows a part as 0 where none of it is there, and where nothing was asked', () => {
  const series = {
    'requests_total{service="half",status_code="200"}': '0+60x10',
    'requests_total{service="half",status_code="500"}': '0+60x10',
    'requests_total{service="sound",status_code="200"}': '0+60x10',
    'requests_total{service="idle",status_code="200"}': '7x10',
    'requests_total{service="broken",status_code="503"}': '0+1x10',
  };
  expect(
    complaintsOf('1m', series, [
      {
        expr: ratio(part, whole),
        at: '10m',
        values: {
          '{service="half"}': 0.5,
          '{service="sound"}': 0,
          '{service="idle"}': 0,
          '{service="broken"}': 1,
        },
      },
    ]),
  ).toBeUndefined();
});

it.skipIf(withoutPromtool)('shows a zero under its labels only where there is nothing', () => {
  const expr = orZero('sum by (reason) (drops_total)', { reason: 'none' });
  const asked = (values: Readonly<Record<string, number>>) => [{ expr, at: '1m', values }];
  expect(complaintsOf('1m', {}, asked({ '{reason="none"}': 0 }))).toBeUndefined();
  expect(
    complaintsOf('1m', { 'drops_total{reason="full"}': '3x2' }, asked({ '{reason="full"}': 3 })),
  ).toBeUndefined();
});

it.skipIf(withoutPromtool)('finds a bucket as both expositions write it', () => {
  const series = {
    'took_bucket{le="2500",from="text"}': '1x2',
    'took_bucket{le="2500.0",from="openmetrics"}': '2x2',
    'took_bucket{le="250",from="text"}': '9x2',
    'took_bucket{le="0.1",from="text"}': '4x2',
  };
  expect(
    complaintsOf('1m', series, [
      { expr: `sum(took_bucket{${atMost(2_500)}})`, at: '1m', values: { '{}': 3 } },
      { expr: `sum(took_bucket{${atMost(0.1)}})`, at: '1m', values: { '{}': 4 } },
    ]),
  ).toBeUndefined();
});

it.skipIf(withoutPromtool)('is told where a value is another one', () => {
  expect(complaintsOf('1m', {}, [{ expr: 'vector(1)', at: '1m', values: { '{}': 2 } }])).toContain(
    'vector(1)',
  );
});

it.skipIf(withoutPromtool)('counts what a series has when it is seen for the first time', () => {
  const series = {
    'up{job="j",instance="a",environment="x"}': '1x60',
    // Its first payment came half an hour after the process.
    'paid{job="j",instance="a",environment="x",kind="late"}': '_x30 350x30',
    // It had taken much before the time that is looked at.
    'paid{job="j",instance="a",environment="x",kind="old"}': '9000x30 9100x30',
  };
  // No sample stands at the beginning of this window, where Prometheus 2 counts it in and 3 does not. What was between the
  // beginning and the first sample is made up for: 100 in 50 minutes are 101 in these.
  const expr = interpolate(grown('paid{environment="x"}', '50m30s'), { environment: 'x' });
  expect(
    complaintsOf('1m', series, [
      { expr: `sum by (kind) (${expr})`, at: '1h', values: { '{kind="late"}': 350, '{kind="old"}': 101 } },
    ]),
  ).toBeUndefined();
});

it.skipIf(withoutPromtool)('gives no quantile of nothing', () => {
  const series = {
    'took_bucket{le="1",kind="idle"}': '5x20',
    'took_bucket{le="+Inf",kind="idle"}': '5x20',
    'took_bucket{le="1",kind="busy"}': '0+60x20',
    'took_bucket{le="+Inf",kind="busy"}': '0+60x20',
  };
  const expr = interpolate(quantile(0.5, 'took', 'kind=~".+"', ['kind']), { __rate_interval: '5m' });
  expect(complaintsOf('1m', series, [{ expr, at: '10m', values: { '{kind="busy"}': 0.5 } }])).toBeUndefined();
});
