import { expect, expectTypeOf, it } from 'vitest';
import { createFakeTelemetry, type TelemetryCall } from './fakeTelemetry';

it('records each call with its arguments, log lines under their level, in order', async () => {
  const { telemetry, calls } = createFakeTelemetry();
  telemetry.trackUserAction('tap', { ball_id: 7 });
  telemetry.log.warn('slow');
  await telemetry.flush();
  expect(calls).toEqual([['trackUserAction', 'tap', { ball_id: 7 }], ['log.warn', 'slow'], ['flush']]);
});

it('returns what a client returns that sends nothing', async () => {
  const { telemetry } = createFakeTelemetry();
  const span = telemetry.startSpan('shot');
  expect(span.setAttribute('cue', 'ash')).toBe(span);
  expect(telemetry.stats()).toMatchObject({ emitted: 0, pending: 0, consent: 'denied' });
  await expect(telemetry.shutdown()).resolves.toBeUndefined();
});

it('records for itself alone', () => {
  const [one, other] = [createFakeTelemetry(), createFakeTelemetry()];
  one.telemetry.trackUserAction('tap');
  expect(other.calls).toEqual([]);
});

it('has the types of the calls', () => {
  type Named<Name> = Extract<TelemetryCall, readonly [Name, ...unknown[]]>;
  expectTypeOf<Named<'trackPageLoad'>>().toEqualTypeOf<
    readonly ['trackPageLoad', page: string, ms: number]
  >();
  expectTypeOf<Named<'log.info'>[1]>().toEqualTypeOf<string>();
  expectTypeOf<'log'>().not.toExtend<TelemetryCall[0]>();
});
