import type { AppInfo } from '@artel/telemetry-protocol';
import type { OutboxLimits } from './outbox';
import type { TelemetryOptions } from './telemetry';

/** The options with every default filled in. */
export interface Settings {
  readonly endpoint: string;
  readonly app: AppInfo;
  readonly key: string | undefined;
  readonly flushInterval: number;
  readonly consent: boolean | 'pending';
  readonly sampleRate: number;
  readonly outbox: OutboxLimits;
  readonly debug: boolean;
}

/** Longest age of an entry, in ms: half of what the gateway's ledger remembers a silent producer for, 30 days. */
const MAX_AGE = 14 * 86_400_000;

function fail(field: string, value: unknown, expected: string): never {
  throw new TypeError(
    `createTelemetry: ${field} must be ${expected}, got ${JSON.stringify(value) ?? String(value)}`,
  );
}

function readNumber(
  field: string,
  value: number | undefined,
  otherwise: number,
  min: number,
  max: number,
): number {
  const number = value ?? otherwise;
  if (typeof number === 'number' && number >= min && number <= max) return number;
  return fail(field, value, `a number from ${min} to ${max}`);
}

function readApp(app: TelemetryOptions['app']): AppInfo {
  const info = typeof app === 'string' ? { name: app } : app;
  if (typeof info?.name !== 'string' || !/\S/.test(info.name) || info.name.length > 64) {
    return fail('app', app, 'a name of 1 to 64 characters, or {name, version?, environment?}');
  }
  return info;
}

function isDevelopment(): boolean {
  try {
    // Bundlers replace just this expression; without a bundler there is no `process`, which counts as production.
    return process.env.NODE_ENV !== 'production';
  } catch {
    return false;
  }
}

declare const process: { readonly env: { readonly NODE_ENV?: string } };

/** Checks the options. Throws a `TypeError` that names the field, what was expected and what was given. */
export function readOptions(options: TelemetryOptions): Settings {
  if (typeof options !== 'object' || options === null) fail('options', options, 'an object');
  const { endpoint, key, consent = true, outbox = {} } = options;
  if (typeof endpoint !== 'string' || !/^(?:https?:\/\/[^/]|\.{0,2}\/)/.test(endpoint)) {
    fail('endpoint', endpoint, 'an http(s) URL or a path such as /api/metrics');
  }
  if (key !== undefined && (typeof key !== 'string' || key.length > 128)) {
    fail('key', key, 'a string of at most 128 characters');
  }
  if (consent !== true && consent !== false && consent !== 'pending') {
    fail('consent', consent, "true, false or 'pending'");
  }
  return {
    endpoint,
    key,
    consent,
    app: readApp(options.app),
    flushInterval: readNumber('flushInterval', options.flushInterval, 5_000, 100, 300_000),
    sampleRate: readNumber('sampleRate', options.sampleRate, 1, 0, 1),
    outbox: {
      batches: readNumber('outbox.batches', outbox.batches, 500, 1, 10_000),
      bytes: readNumber('outbox.bytes', outbox.bytes, 4_194_304, 65_536, 67_108_864),
      ageMs: readNumber('outbox.ageMs', outbox.ageMs, 7 * 86_400_000, 60_000, MAX_AGE),
    },
    debug: options.debug ?? isDevelopment(),
  };
}
