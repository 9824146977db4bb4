import { defineMetrics, type TypedMetrics } from '@artel/telemetry-react';
import { it } from 'vitest';

const counted = defineMetrics({ counters: { shots_total: { help: 'Shots.' } } });
declare const { count, observe, trackUserAction, trackGameEvent }: TypedMetrics<typeof counted>;

it('leaves open what a declaration leaves out', () => {
  trackUserAction('anything', { of: 'any kind' });
  trackGameEvent('anything', 'any game', 's-1');
  count('shots_total');
  // @ts-expect-error a wrong metric
  count('shot_total');
  // @ts-expect-error with counters declared, the histograms are those declared: none
  observe('aim_ms', 250);
});
