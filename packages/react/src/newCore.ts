// Stands in for what the next @artel/telemetry-core exports. To be deleted when that is merged.
import {
  apiCalls,
  createTelemetry as createToday,
  errors,
  type Integration,
  pageLoad,
  type Telemetry,
  type TelemetryOptions,
  webVitals,
} from '@artel/telemetry-core';

interface NewOptions extends TelemetryOptions {
  /** `trackError` skips errors for which this returns true, whoever reports them. */
  readonly ignoreError: (error: unknown) => boolean;
}

export function createTelemetry({ ignoreError, integrations = [], ...options }: NewOptions): Telemetry {
  const filtered = integrations.map(
    ({ name, setup }): Integration => ({
      name,
      setup: (telemetry, ...rest) => {
        const trackError: Telemetry['trackError'] = (error, context) => {
          if (!ignoreError(error)) telemetry.trackError(error, context);
        };
        return setup({ ...telemetry, trackError }, ...rest);
      },
    }),
  );
  return createToday({ ...options, integrations: filtered });
}

export const defaultIntegrations = (): readonly Integration[] => [
  webVitals(),
  pageLoad(),
  apiCalls(),
  errors(),
];

const ids = new WeakMap<object, string>();

/** Id of an error's report, 32 hex digits: the same for each call with the same object. */
export function eventIdOf(error: unknown): string {
  const key: object = Object(error);
  const id = ids.get(key) ?? '0'.repeat(32).replace(/0/g, () => Math.floor(Math.random() * 16).toString(16));
  ids.set(key, id);
  return id;
}
