import { expect, it } from 'vitest';
import { inertTelemetry } from './inertTelemetry';

it('does nothing, with every method of a client', async () => {
  const telemetry = inertTelemetry();
  const before = telemetry.stats();
  telemetry.trackUserAction('tap');
  telemetry.trackPageLoad('/', 1);
  telemetry.trackApiCall('/', 'GET', 1, 200);
  telemetry.trackGameEvent('ball_potted', 'kolkhoz', 's1');
  telemetry.trackError(new Error('x'));
  telemetry.count('shots_total');
  telemetry.observe('aim_ms', 1);
  telemetry.log.debug('x');
  telemetry.log.info('x');
  telemetry.log.warn('x');
  telemetry.log.error('x');
  telemetry.startSpan('shot').setAttribute('cue', 'ash').end();
  telemetry.setUser('alice');
  telemetry.setPage('/lobby');
  telemetry.setConsent(true);
  await telemetry.flush();
  await telemetry.flushAndClose();
  await telemetry.shutdown();
  expect(telemetry.stats()).toEqual(before);
  expect(before).toMatchObject({ emitted: 0, consent: 'denied', sampled: false, storage: 'memory' });
});

it('has spans that servers take for no trace', () => {
  expect(inertTelemetry().startSpan('shot').traceparent).toBe(`00-${'0'.repeat(32)}-${'0'.repeat(16)}-00`);
});
