import { useErrorTracking, useMetrics, useTrackedAction } from '@artel/telemetry-react';
import { it } from 'vitest';

it('takes any text where nothing is registered', () => {
  // Where nothing is registered any text will do.
  const { trackUserAction, trackGameEvent, count, observe } = useMetrics();
  trackUserAction('anything', { of: 'any kind', n: 1, more: { deep: true } });
  trackUserAction('anything');
  trackGameEvent('anything', 'any game', 's-1');
  count('anything');
  count('anything_total', { label: 1 }, 2);
  observe('anything_ms', 250, { label: 'x' });
  useErrorTracking().captureUserAction('anything', 'success', { of: 'any kind' });
  useTrackedAction('anything', { of: 'any kind' });

  // @ts-expect-error an observation is a number
  observe('anything_ms', '250');
});
