import { describe, expect, it } from 'vitest';
import { appOf, checkOptions } from './options';

const dsn = 'https://abc@sentry.example/1';

describe('options', () => {
  it.each([
    ['dsn', { dsn: 'sentry.example/1' }],
    ['dsn', { dsn: '' }],
    ['tracesSampleRate', { dsn, tracesSampleRate: 2 }],
    ['replaysOnErrorSampleRate', { dsn, replaysOnErrorSampleRate: Number.NaN }],
    ['app', { dsn, app: '' }],
  ])('are refused with the name of the wrong one: %s', (field, options) => {
    expect(() => checkOptions(options)).toThrow(TypeError);
    expect(() => checkOptions(options)).toThrow(`initSentry: "${field}" is `);
  });

  it('may contain a DSN with a port, a path or an old secret', () => {
    for (const one of ['http://a@localhost:9000/2', 'https://a:b@s.example/path/3', 'https://a@[::1]/4']) {
      expect(() => checkOptions({ dsn: one })).not.toThrow();
    }
  });

  it('may contain the app as a name or as an object', () => {
    expect(appOf({ dsn, app: 'ArtelBilliards' })).toEqual({ name: 'ArtelBilliards' });
    const app = { name: 'ArtelBilliards', version: '1.2.3' };
    expect(appOf({ dsn, app })).toBe(app);
    expect(appOf({ dsn })).toBeUndefined();
  });
});
