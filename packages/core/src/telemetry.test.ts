import { expectTypeOf, it } from 'vitest';
import type { Integration, Telemetry, TelemetryOptions } from './telemetry';

it('takes integrations that a condition leaves out', () => {
  expectTypeOf<readonly (Integration | undefined | null | false)[]>().toExtend<
    NonNullable<TelemetryOptions['integrations']>
  >();
  expectTypeOf<readonly [true]>().not.toExtend<TelemetryOptions['integrations']>();
});

it('takes no amount that is no number, and no user that is no id', () => {
  expectTypeOf<Telemetry['count']>().parameter(2).toEqualTypeOf<number | undefined>();
  expectTypeOf<Telemetry['observe']>().parameter(1).toEqualTypeOf<number>();
  expectTypeOf<Telemetry['setUser']>().parameter(0).toEqualTypeOf<string | number | null | undefined>();
});

it('has methods that may be passed on without the client', () => {
  expectTypeOf<ThisParameterType<Telemetry['trackUserAction']>>().toEqualTypeOf<unknown>();
});

it('needs an endpoint and an app, and nothing else', () => {
  expectTypeOf<{ endpoint: string; app: string }>().toExtend<TelemetryOptions>();
  expectTypeOf<{ endpoint: string }>().not.toExtend<TelemetryOptions>();
  expectTypeOf<{ app: string }>().not.toExtend<TelemetryOptions>();
});
