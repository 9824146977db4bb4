import { expect, it } from 'vitest';
import { durationMs, interpolate, queryTime } from './interpolate';

it('fills in variables in every form of Grafana, and leaves the groups of a regular expression', () => {
  const values = { service: 'game', '__field.labels.job': 'node' };
  expect(interpolate(`a{s=~"$service",t="\${service:regex}",j="\${__field.labels.job}"} $1`, values)).toBe(
    'a{s=~"game",t="game",j="node"} $1',
  );
  expect(() => interpolate('a{s="$sevice"}', values)).toThrow('$sevice is no variable: a{s="$sevice"}');
});

it('reckons the step and the rate interval as Grafana does', () => {
  const of = (rangeMs: number, minIntervalMs = 5_000) =>
    queryTime({ rangeMs, minIntervalMs, scrapeMs: 5_000, maxPoints: 1_000 });
  // Four scrapes are the least that a rate can be trusted with.
  expect(of(300_000)).toMatchObject({
    stepMs: 5_000,
    values: { __rate_interval: '20000ms', __range: '300s' },
  });
  expect(of(86_400_000)).toMatchObject({ stepMs: 86_400, values: { __rate_interval: '91400ms' } });
  expect(of(300_000, durationMs('1d')).stepMs).toBe(86_400_000);
  expect(() => durationMs('soon')).toThrow('expected a duration such as 5s, got "soon"');
});
