import { getClient, getCurrentScope } from '@sentry/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { initSentry } from './initSentry';

const quiet = {
  dsn: 'https://abc@sentry.example/1',
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
  it('that are wrong are refused, and nothing starts', () => {
    expect(() => initSentry({ ...quiet, dsn: '' })).toThrow(TypeError);
    expect(() => initSentry({ ...quiet, dsn: '' })).toThrow('initSentry: "dsn" is ""');
    expect(getClient()).toBeUndefined();
  });

  it('that are wrong are one console error in a production build, and the page goes on', () => {
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
