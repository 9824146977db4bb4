import { describe, expect, it } from 'vitest';
import { checkOptions, readOptions } from './options';
import type { TelemetryOptions } from './telemetry';

const right: TelemetryOptions = { endpoint: '/api/metrics', app: 'billiards' };

/** Options as JavaScript may pass them. */
const optionsOf = (given: object) => ({ ...right, ...given }) as TelemetryOptions;

const cyclic: { self?: unknown } = {};
cyclic.self = cyclic;

describe('checking options', () => {
  it.each([
    {},
    { endpoint: 'https://telemetry.test/api/metrics' },
    { endpoint: './api/metrics' },
    { endpoint: '../api/metrics' },
    { endpoint: '//telemetry.test/api/metrics' },
    { app: { name: 'billiards', version: '1.4.0', environment: 'production' } },
    { app: { name: 'billiards', version: undefined } },
    { integrations: [undefined, null, false] },
    { consent: 'pending', sampleRate: 0, flushInterval: 100, outbox: {}, key: 'k' },
  ])('takes %j', (given) => {
    expect(() => checkOptions(optionsOf(given))).not.toThrow();
  });

  it.each([
    [
      { endpoint: undefined },
      'endpoint must be an http(s) URL or a path such as /api/metrics, got undefined',
    ],
    [{ endpoint: 'undefined/api/metrics' }, 'endpoint .* got "undefined/api/metrics"'],
    [{ endpoint: 5n }, 'endpoint .* got 5$'],
    [{ app: '' }, 'app must be a name of 1 to 64 characters.* got ""'],
    [{ app: { version: '1' } }, 'app must be a name .* got {"version":"1"}'],
    [{ app: cyclic }, 'app must be a name'],
    [{ app: { name: 'a', version: 5 } }, 'app.version must be a string of at most 64 characters, got 5'],
    [{ app: { name: 'a', environment: 'x'.repeat(65) } }, 'app.environment must be a string'],
    [{ key: 7 }, 'key must be a string of at most 128 characters, got 7'],
    [{ token: 'secret' }, 'token must be a function'],
    [{ onUser: 1 }, 'onUser must be a function, got 1'],
    [{ integrations: {} }, 'integrations must be an array, got {}'],
    [{ consent: 'maybe' }, `consent must be true, false or 'pending', got "maybe"`],
    [{ flushInterval: 'soon' }, 'flushInterval must be a number from 100 to 300000, got "soon"'],
    [{ sampleRate: 2 }, 'sampleRate must be a number from 0 to 1, got 2'],
    [{ sampleRate: Number.NaN }, 'sampleRate must be a number from 0 to 1, got NaN'],
    [{ outbox: null }, 'outbox must be an object, got null'],
    [{ outbox: { batches: 0 } }, 'outbox.batches must be'],
    [{ outbox: { bytes: 1 } }, 'outbox.bytes must be'],
    [{ outbox: { ageMs: 1 } }, 'outbox.ageMs must be'],
  ])('names the field, the value and what was expected: %#', (wrong, message) => {
    const pattern = new RegExp(`^${message.replace(/[()|?{}]/g, '\\$&')}`);
    expect(() => checkOptions(optionsOf(wrong))).toThrow(pattern);
  });

  it.each([undefined, null, 'billiards'])('names the options themselves: %j', (options) => {
    expect(() => checkOptions(options as unknown as TelemetryOptions)).toThrow('options must be an object');
  });
});

describe('reading options', () => {
  it('fills in the defaults', () => {
    expect(readOptions(right)).toEqual({
      app: { name: 'billiards' },
      flushInterval: 5_000,
      consent: true,
      sampleRate: 1,
      outbox: { batches: 500, bytes: 4_194_304, ageMs: 604_800_000 },
      debug: true,
    });
  });

  it('keeps what is given', () => {
    const given = {
      app: { name: 'billiards', version: '1' },
      flushInterval: 200,
      consent: false,
      sampleRate: 0,
      debug: false,
      outbox: { batches: 7, bytes: 70_000, ageMs: 700_000 },
    };
    expect(readOptions({ ...right, ...given })).toEqual(given);
  });

  it('makes texts of the app that every gateway takes', () => {
    const app = { name: 'billiards', version: 7, environment: 'e'.repeat(100), other: {} };
    expect(readOptions(optionsOf({ app })).app).toEqual({
      name: 'billiards',
      version: '7',
      environment: expect.stringMatching(/^e{63}…$/),
    });
  });
});
