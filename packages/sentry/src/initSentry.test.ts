import { getClient, getCurrentScope } from '@sentry/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { captureBusinessMetric } from './captureBusinessMetric';
import { captureError, captureGameError } from './captureError';
import { capturePerformanceIssue } from './capturePerformanceIssue';
import { captureUserAction } from './captureUserAction';
import { flushSentry } from './flushSentry';
import { initSentry } from './initSentry';
import type { SentryOptions } from './options';
import { setSentryConsent } from './setSentryConsent';
import { setSentryUser } from './setSentryUser';

/** One error event as it lay in an envelope. */
interface Sent {
  readonly event_id: string;
  readonly exception: { readonly values: readonly { type: string; value: string; mechanism?: object }[] };
  readonly contexts: Readonly<Record<string, object>>;
  readonly tags?: object;
  readonly user?: object;
  readonly breadcrumbs?: readonly { message?: string; data?: object }[];
  readonly extra?: object;
}

let envelopes: string[] = [];
const transport: NonNullable<SentryOptions['transport']> = () => ({
  send: (envelope) => {
    envelopes.push(JSON.stringify(envelope));
    return Promise.resolve({ statusCode: 200 });
  },
  flush: () => Promise.resolve(true),
});

const dsn = 'https://abc@sentry.example/1';
const quiet = {
  dsn,
  transport,
  replaysSessionSampleRate: 0,
  replaysOnErrorSampleRate: 0,
  tracesSampleRate: 0,
};

async function sentEvents(): Promise<Sent[]> {
  await flushSentry();
  return envelopes.flatMap((text) => {
    const items: [{ type: string }, Sent][] = JSON.parse(text)[1];
    return items.filter(([header]) => header.type === 'event').map(([, event]) => event);
  });
}

beforeEach(() => {
  envelopes = [];
});

afterEach(async () => {
  setSentryConsent(true);
  await getClient()?.close(100);
  getCurrentScope().setClient(undefined);
  vi.unstubAllGlobals();
});

describe('options', () => {
  it.each([
    ['dsn', { dsn: 'sentry.example/1' }],
    ['dsn', { dsn: '' }],
    ['tracesSampleRate', { dsn, tracesSampleRate: 2 }],
    ['replaysOnErrorSampleRate', { dsn, replaysOnErrorSampleRate: Number.NaN }],
    ['app', { dsn, app: '' }],
  ])('are refused early with the name of the field: %s', (field, options) => {
    expect(() => initSentry(options)).toThrow(TypeError);
    expect(() => initSentry(options)).toThrow(`initSentry: "${field}" is `);
    expect(getClient()).toBeUndefined();
  });

  it('may hold a DSN with a port, a path or an old secret', () => {
    for (const one of ['http://a@localhost:9000/2', 'https://a:b@s.example/path/3', 'https://a@[::1]/4']) {
      expect(() => initSentry({ ...quiet, dsn: one })).not.toThrow();
      getCurrentScope().setClient(undefined);
    }
  });
});

it('sends one event with the component stack, the app, and no planted secret', async () => {
  initSentry({ ...quiet, app: { name: 'ArtelBilliards', version: '1.2.3' } });
  setSentryUser('p-1');
  const eventId = 'f'.repeat(32);
  const answered = captureError(new Error('lost https://a.example/?token=CANARY'), {
    handled: true,
    mechanism: 'auto.function.react.error_boundary',
    componentStack: '\n    at Table (https://a.example/app.js?v=CANARY:1:2)\n    at App',
    tags: { boundary: 'table' },
    contexts: { table: { token: 'CANARY', score: 7 } },
    eventId,
  });
  const events = await sentEvents();
  expect(answered).toBe(eventId);
  expect(events).toHaveLength(1);
  const [event] = events;
  expect(event?.event_id).toBe(eventId);
  expect(event?.contexts.react).toMatchObject({ componentStack: expect.stringContaining('at Table (') });
  // The same stack once more as a linked cause, to which Sentry applies source maps.
  expect(event?.exception.values[0]?.type).toBe('React ErrorBoundary Error');
  expect(event?.contexts.app).toEqual({
    name: 'ArtelBilliards',
    version: '1.2.3',
    platform: 'telegram-mini-app',
  });
  expect(event?.contexts.table).toEqual({ token: '[Filtered]', score: 7 });
  expect(event?.tags).toMatchObject({ boundary: 'table' });
  expect(event?.user).toEqual({ id: 'p-1' });
  expect(event?.exception.values.slice(-1)[0]).toMatchObject({
    value: 'lost https://a.example/',
    mechanism: { type: 'auto.function.react.error_boundary', handled: true },
  });
  expect(envelopes.join()).not.toContain('CANARY');
});

it('sends an error once, however often it is captured', async () => {
  initSentry(quiet);
  const error = new Error('twice');
  captureError(error, { componentStack: '\n    at A' });
  captureError(error, { handled: false });
  expect(await sentEvents()).toHaveLength(1);
});

it('sends frozen errors and thrown words too', async () => {
  initSentry(quiet);
  captureError(Object.freeze(new Error('cold')), { componentStack: '\n    at A' });
  captureError('a word', { componentStack: '\n    at B' });
  const events = await sentEvents();
  expect(events.map((event) => event.exception.values.slice(-1)[0]?.value)).toEqual(['cold', 'a word']);
  expect(events[0]?.contexts.react).toEqual({ componentStack: '\n    at A' });
});

it("tags a game's error and leaves a trail of what the player did", async () => {
  initSentry(quiet);
  captureUserAction('cue_hit', 'success', { ball: 8, token: 'CANARY' });
  captureGameError(new Error('pocket'), { state: 'running' });
  const [event] = await sentEvents();
  expect(event?.tags).toMatchObject({ errorType: 'game' });
  expect(event?.contexts.game).toEqual({ state: 'running' });
  expect(event?.breadcrumbs).toContainEqual(
    expect.objectContaining({
      message: 'User action: cue_hit',
      category: 'user',
      level: 'info',
      data: { action: 'cue_hit', outcome: 'success', ball: 8, token: '[Filtered]' },
    }),
  );
});

it('sends an operation that took too long as a warning, and none that did not', async () => {
  initSentry(quiet);
  expect(capturePerformanceIssue('load_table', 900, 1_000)).toBeUndefined();
  const id = capturePerformanceIssue('load_table', 1_200.4, 1_000, { balls: 15, token: 'CANARY' });
  const events = await sentEvents();
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({
    event_id: id,
    level: 'warning',
    message: 'Performance issue: load_table took 1200ms',
    tags: { performance_issue: 'load_table' },
    contexts: {
      performance: {
        operation: 'load_table',
        duration_ms: 1_200.4,
        threshold_ms: 1_000,
        balls: 15,
        token: '[Filtered]',
      },
    },
  });
});

it('leaves a breadcrumb of a business figure', async () => {
  initSentry(quiet);
  captureBusinessMetric('games_finished', 3, { game_type: 'kolkhoz', password: 'CANARY' });
  captureGameError(new Error('pocket'));
  const [event] = await sentEvents();
  expect(event?.breadcrumbs).toContainEqual(
    expect.objectContaining({
      message: 'Business metric: games_finished = 3',
      category: 'business',
      level: 'info',
      data: { value: 3, game_type: 'kolkhoz', password: '[Filtered]' },
    }),
  );
});

it('starts once, however often it is called', () => {
  const first = initSentry(quiet);
  expect(initSentry({ ...quiet, dsn: 'https://other@sentry.example/2' })).toBe(first);
  expect(getClient()).toBe(first);
});

it('lets nothing leave without consent, and resumes with it', async () => {
  initSentry(quiet);
  setSentryConsent(false);
  captureError(new Error('unheard'));
  expect(await sentEvents()).toHaveLength(0);
  setSentryConsent(true);
  captureError(new Error('heard'));
  expect(await sentEvents()).toHaveLength(1);
});

it('sends what waits when Telegram puts the Mini App aside', () => {
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

it('hears of it through the bare bridge, and from a script that is loaded late', () => {
  const client = initSentry(quiet);
  if (!client) throw new Error('no client');
  const flush = vi.spyOn(client, 'flush');
  const say = (is_visible: boolean) =>
    window.dispatchEvent(
      new MessageEvent('message', {
        data: JSON.stringify({ eventType: 'visibility_changed', eventData: { is_visible } }),
      }),
    );
  say(true);
  expect(flush).not.toHaveBeenCalled();
  say(false);
  expect(flush).toHaveBeenCalled();
  const onEvent = vi.fn();
  vi.stubGlobal('Telegram', { WebApp: { onEvent } });
  const script = document.createElement('script');
  document.head.append(script);
  script.dispatchEvent(new Event('load'));
  expect(onEvent).toHaveBeenCalledWith('deactivated', expect.any(Function));
});

it('outlives a bridge that throws', () => {
  vi.stubGlobal('Telegram', {
    WebApp: {
      onEvent() {
        throw new Error('WebAppMethodUnsupported');
      },
    },
  });
  expect(() => initSentry(quiet)).not.toThrow();
});

it('adds the recorder after the start, masked, and only behind a clean address', async () => {
  history.replaceState(null, '', '/#tgWebAppData=CANARY&tgWebAppVersion=9.1');
  const client = initSentry({ ...quiet, replaysOnErrorSampleRate: 1 });
  expect(client?.getIntegrationByName('Replay')).toBeUndefined();
  await vi.waitFor(() => expect(client?.getIntegrationByName('Replay')).toBeDefined());
  expect(location.href).not.toContain('tgWebApp');
});
