import { captureException, getClient, getCurrentScope, getIsolationScope } from '@sentry/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { closeSentry, consentTransport, flushSentry, setSentryConsent, setSentryUser } from './control';
import { initSentry } from './initSentry';
import { allowReplay, stopReplay } from './startReplay';

vi.mock('./startReplay', () => ({ allowReplay: vi.fn(), stopReplay: vi.fn() }));

const send = vi.fn(() => Promise.resolve({ statusCode: 200 }));
const makeTransport = () => ({ send, flush: () => Promise.resolve(true) });
const quiet = {
  dsn: 'https://abc@sentry.example/1',
  transport: makeTransport,
  replaysSessionSampleRate: 0,
  replaysOnErrorSampleRate: 0,
  tracesSampleRate: 0,
};

beforeEach(() => vi.clearAllMocks());

afterEach(async () => {
  setSentryConsent(true);
  await getClient()?.close(100);
  getCurrentScope().setClient(undefined);
  vi.unstubAllGlobals();
});

it('lets envelopes through with consent, and none without', async () => {
  const transport = consentTransport(makeTransport)({
    url: 'https://sentry.example',
    recordDroppedEvent: () => {},
  });
  setSentryConsent(false);
  expect(await transport.send([{}, []])).toEqual({});
  expect(send).not.toHaveBeenCalled();
  setSentryConsent(true);
  expect(await transport.send([{}, []])).toEqual({ statusCode: 200 });
  expect(send).toHaveBeenCalledOnce();
});

it('stops the recorder when consent is withdrawn, and lets it resume when it is given', () => {
  setSentryConsent(false);
  expect(stopReplay).toHaveBeenCalledOnce();
  expect(allowReplay).not.toHaveBeenCalled();
  setSentryConsent(true);
  expect(allowReplay).toHaveBeenCalledOnce();
});

it('sends nothing without consent, and resumes with it', async () => {
  initSentry(quiet);
  setSentryConsent(false);
  captureException(new Error('without'));
  await flushSentry();
  expect(send).not.toHaveBeenCalled();
  setSentryConsent(true);
  captureException(new Error('with'));
  await flushSentry();
  expect(send).toHaveBeenCalledOnce();
});

it('sends what is queued when it is closed, and nothing afterwards', async () => {
  initSentry(quiet);
  captureException(new Error('before'));
  await closeSentry();
  expect(send).toHaveBeenCalledOnce();
  captureException(new Error('after'));
  await flushSentry();
  expect(send).toHaveBeenCalledOnce();
});

it('reports a flush that fails as unsent, and never rejects', async () => {
  const client = initSentry(quiet);
  if (!client) throw new Error('no client');
  vi.spyOn(client, 'flush').mockRejectedValueOnce(new Error('offline'));
  expect(await flushSentry()).toBe(false);
});

describe('the user', () => {
  const current = () => getIsolationScope().getUser()?.id;
  // As untyped JavaScript calls it.
  const setUntyped = (id: unknown) => Reflect.apply(setSentryUser, undefined, [id]);

  it.each([undefined, null, ''])('is signed out by %j', (id) => {
    setSentryUser('p-1');
    expect(current()).toBe('p-1');
    setUntyped(id);
    expect(current()).toBeUndefined();
  });

  it.each([[{ username: 'ann' }], [true], [Symbol('p-2')]])('is not changed by what is no id', (id) => {
    setSentryUser('p-1');
    setUntyped(id);
    expect(current()).toBe('p-1');
  });

  it('may be a number', () => {
    setUntyped(7);
    expect(current()).toBe(7);
  });
});

it('flushes when Telegram minimizes the Mini App', () => {
  const listeners = new Map<string, () => void>();
  vi.stubGlobal('Telegram', {
    WebApp: {
      onEvent(event: string, callback: () => void) {
        listeners.set(event, callback);
      },
    },
  });
  const client = initSentry(quiet);
  if (!client) throw new Error('no client');
  const flush = vi.spyOn(client, 'flush');
  listeners.get('deactivated')?.();
  expect(flush).toHaveBeenCalledOnce();
});

it('flushes on a message of the bridge alone, and subscribes to a script that loads later', () => {
  const client = initSentry(quiet);
  if (!client) throw new Error('no client');
  const flush = vi.spyOn(client, 'flush');
  const post = (is_visible: boolean) =>
    window.dispatchEvent(
      new MessageEvent('message', {
        data: JSON.stringify({ eventType: 'visibility_changed', eventData: { is_visible } }),
      }),
    );
  post(true);
  expect(flush).not.toHaveBeenCalled();
  post(false);
  expect(flush).toHaveBeenCalled();
  const onEvent = vi.fn();
  vi.stubGlobal('Telegram', { WebApp: { onEvent } });
  const script = document.createElement('script');
  document.head.append(script);
  script.dispatchEvent(new Event('load'));
  expect(onEvent).toHaveBeenCalledWith('deactivated', expect.any(Function));
});

it('survives a bridge that throws', () => {
  vi.stubGlobal('Telegram', {
    WebApp: {
      onEvent() {
        throw new Error('WebAppMethodUnsupported');
      },
    },
  });
  expect(() => initSentry(quiet)).not.toThrow();
});
