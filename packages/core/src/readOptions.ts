import type { AppInfo } from '@artel/telemetry-protocol';
import type { OutboxLimits } from './outbox';
import type { TelemetryOptions } from './telemetry';

/** The options with every default filled in. */
export interface Settings {
  readonly endpoint: string;
  readonly app: AppInfo;
  readonly key: string | undefined;
  readonly token: TelemetryOptions['token'];
  readonly flushInterval: number;
  readonly consent: boolean | 'pending';
  readonly sampleRate: number;
  readonly outbox: OutboxLimits;
  readonly debug: boolean;
}

const DAY = 86_400_000;

/** Checks the options. Throws a `TypeError` that names the field, what was expected and what was given. */
export function readOptions(options: TelemetryOptions): Settings {
  const need = (right: unknown, field: string, value: unknown, expected: string) => {
    if (right) return;
    throw new TypeError(
      `createTelemetry: ${field} must be ${expected}, got ${JSON.stringify(value) ?? String(value)}`,
    );
  };
  const number = (field: string, value: number | undefined, otherwise: number, min: number, max: number) => {
    const right = value === undefined || (typeof value === 'number' && value >= min && value <= max);
    need(right, field, value, `a number from ${min} to ${max}`);
    return value ?? otherwise;
  };

  need(Object(options) === options, 'options', options, 'an object');
  const { endpoint, key, token, consent = true, outbox = {}, flushInterval, sampleRate } = options;
  const app = typeof options.app === 'string' ? { name: options.app } : options.app;
  const isPath = /^(?:https?:\/\/[^/]|\.{0,2}\/)/.test(endpoint);
  need(isPath, 'endpoint', endpoint, 'an http(s) URL or a path such as /api/metrics');
  const isName = typeof app?.name === 'string' && /^(?=.*\S).{1,64}$/.test(app.name);
  need(isName, 'app', options.app, 'a name of 1 to 64 characters, or {name, version?, environment?}');
  const isKey = key === undefined || (typeof key === 'string' && key.length <= 128);
  need(isKey, 'key', key, 'a string of at most 128 characters');
  need([true, false, 'pending'].includes(consent), 'consent', consent, "true, false or 'pending'");
  return {
    endpoint,
    app,
    key,
    token,
    consent,
    flushInterval: number('flushInterval', flushInterval, 5_000, 100, 300_000),
    sampleRate: number('sampleRate', sampleRate, 1, 0, 1),
    outbox: {
      batches: number('outbox.batches', outbox.batches, 500, 1, 10_000),
      bytes: number('outbox.bytes', outbox.bytes, 4_194_304, 65_536, 67_108_864),
      // The longest is half of what the gateway's ledger remembers a silent producer for, 30 days.
      ageMs: number('outbox.ageMs', outbox.ageMs, 7 * DAY, 60_000, 14 * DAY),
    },
    debug: options.debug ?? __DEV__,
  };
}
