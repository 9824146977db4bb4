import { type AppInfo, describeError, truncate } from '@artel/telemetry-protocol';
import type { OutboxLimits } from './send/outbox';
import type { TelemetryOptions } from './telemetry';

/** The options with every default filled in. */
export interface Settings {
  readonly app: AppInfo;
  readonly flushInterval: number;
  readonly consent: boolean | 'pending';
  readonly sampleRate: number;
  readonly outbox: OutboxLimits;
  readonly debug: boolean;
}

type Writable<T> = { -readonly [Field in keyof T]: T[Field] };

const DAY = 86_400_000;

const ENDPOINT = /^(?:https?:\/\/[^/]|\.{0,2}\/)/;

/** Characters of the app's name, version and environment. */
const APP = 64;

const isName = (app: unknown): boolean => typeof app === 'string' && app.length <= APP && /\S/.test(app);

/** Throws a `TypeError` that names the field, the value and what was expected. Development builds call it. */
export function checkOptions(options: TelemetryOptions): void {
  const need = (right: unknown, field: string, value: unknown, expected: string) => {
    if (right) return;
    const got = typeof value === 'string' ? JSON.stringify(value) : describeError(value).message;
    throw new TypeError(`${field} must be ${expected}, got ${got}`);
  };
  const number = (field: string, value: unknown, min: number, max: number) => {
    const right = value === undefined || (typeof value === 'number' && value >= min && value <= max);
    need(right, field, value, `a number from ${min} to ${max}`);
  };

  need(Object(options) === options, 'options', options, 'an object');
  const { endpoint, app, key, token, integrations, onUser, consent = true, outbox = {} } = options;
  need(
    typeof endpoint === 'string' && ENDPOINT.test(endpoint),
    'endpoint',
    endpoint,
    'an http(s) URL or a path such as /api/metrics',
  );
  need(Object(outbox) === outbox, 'outbox', outbox, 'an object');
  const name = typeof app === 'string' ? app : Object(app).name;
  need(isName(name), 'app', app, 'a name of 1 to 64 characters, or {name, version?, environment?}');
  for (const field of ['version', 'environment']) {
    const text: unknown = Object(app)[field];
    const right = text === undefined || (typeof text === 'string' && text.length <= APP);
    need(right, `app.${field}`, text, `a string of at most ${APP} characters`);
  }
  const isKey = key === undefined || (typeof key === 'string' && key.length <= 128);
  need(isKey, 'key', key, 'a string of at most 128 characters');
  need(token === undefined || typeof token === 'function', 'token', token, 'a function');
  need(onUser === undefined || typeof onUser === 'function', 'onUser', onUser, 'a function');
  need(integrations === undefined || Array.isArray(integrations), 'integrations', integrations, 'an array');
  need([true, false, 'pending'].includes(consent), 'consent', consent, "true, false or 'pending'");
  number('flushInterval', options.flushInterval, 100, 300_000);
  number('sampleRate', options.sampleRate, 0, 1);
  number('outbox.batches', outbox.batches, 1, 10_000);
  number('outbox.bytes', outbox.bytes, 65_536, 67_108_864);
  // Well below the 30 days for which the gateway's ledger remembers a silent producer.
  number('outbox.ageMs', outbox.ageMs, 60_000, 14 * DAY);
}

/** Fills in the defaults. Throws a `TypeError` without an endpoint or an app: there is nothing to send then, or nowhere. */
export function readOptions(options: TelemetryOptions): Settings {
  const { endpoint, consent = true, flushInterval = 5_000, sampleRate = 1, debug = __DEV__ } = options;
  const { batches = 500, bytes = 4_194_304, ageMs = 7 * DAY } = options.outbox ?? {};
  const given: AppInfo = typeof options.app === 'string' ? { name: options.app } : options.app;
  if (!ENDPOINT.test(endpoint) || !given?.name) throw new TypeError('endpoint, app');
  const app: Writable<AppInfo> = { name: '' };
  // A version that is a number, or too long, must not cost every batch.
  for (const field of ['name', 'version', 'environment'] as const) {
    if (given[field] != null) app[field] = truncate(String(given[field]), APP);
  }
  return {
    app,
    consent,
    flushInterval,
    sampleRate,
    outbox: { batches, bytes, ageMs },
    debug,
  };
}
