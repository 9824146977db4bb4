import { getClient, getCurrentScope } from '@sentry/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { initSentry } from './initSentry';

const dsn = 'https://abc@sentry.example/1';
const quiet = {
  dsn,
  transport: () => ({ send: () => Promise.resolve({}), flush: () => Promise.resolve(true) }),
  replaysSessionSampleRate: 0,
  replaysOnErrorSampleRate: 0,
  tracesSampleRate: 0,
};

afterEach(async () => {
  await getClient()?.close(100);
  getCurrentScope().setClient(undefined);
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe('options', () => {
  it.each([
    ['dsn', { dsn: 'sentry.example/1' }],
    ['dsn', { dsn: '' }],
    ['tracesSampleRate', { dsn, tracesSampleRate: 2 }],
    ['replaysOnErrorSampleRate', { dsn, replaysOnErrorSampleRate: Number.NaN }],
    ['app', { dsn, app: '' }],
  ])('are refused, and nothing starts: %s', (field, options) => {
    expect(() => initSentry(options)).toThrow(TypeError);
    expect(() => initSentry(options)).toThrow(`initSentry: "${field}" is `);
    expect(getClient()).toBeUndefined();
  });

  it('may contain a DSN with a port, a path or an old secret', () => {
    for (const one of ['http://a@localhost:9000/2', 'https://a:b@s.example/path/3', 'https://a@[::1]/4']) {
      expect(() => initSentry({ ...quiet, dsn: one })).not.toThrow();
      getCurrentScope().setClient(undefined);
    }
  });

  it('that are wrong cost a production build one console error, not the page', () => {
    vi.stubEnv('NODE_ENV', 'production');
    const report = vi.spyOn(console, 'error').mockImplementation(() => {});
    expect(initSentry({ ...quiet, dsn: '' })).toBeUndefined();
    expect(report).toHaveBeenCalledOnce();
    expect(report).toHaveBeenCalledWith(expect.stringContaining('initSentry: "dsn" is ""'));
    expect(getClient()).toBeUndefined();
  });
});

it('starts once, however often it is called', () => {
  const first = initSentry(quiet);
  expect(initSentry({ ...quiet, dsn: 'https://other@sentry.example/2' })).toBe(first);
  expect(getClient()).toBe(first);
});

it('adds the recorder after the start, and only once the address is clean', async () => {
  history.replaceState(null, '', '/#tgWebAppData=CANARY&tgWebAppVersion=9.1');
  const client = initSentry({ ...quiet, replaysOnErrorSampleRate: 1 });
  expect(client?.getIntegrationByName('Replay')).toBeUndefined();
  await vi.waitFor(() => expect(client?.getIntegrationByName('Replay')).toBeDefined());
  expect(location.href).not.toContain('tgWebApp');
});
