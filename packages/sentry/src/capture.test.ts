import { getClient, getCurrentScope } from '@sentry/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  captureBusinessMetric,
  captureError,
  captureGameError,
  capturePerformanceIssue,
  captureUserAction,
} from './capture';
import { flushSentry, setSentryUser } from './control';
import { initSentry } from './initSentry';
import type { SentryOptions } from './options';

/** An error event in an envelope. */
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
  await getClient()?.close(100);
  getCurrentScope().setClient(undefined);
});

it('sends one event with the component stack, the app, and no planted secret', async () => {
  initSentry({ ...quiet, app: { name: 'ArtelBilliards', version: '1.2.3' } });
  setSentryUser('p-1');
  const eventId = 'f'.repeat(32);
  const returned = captureError(new Error('lost https://a.example/?token=CANARY'), {
    handled: true,
    mechanism: 'auto.function.react.error_boundary',
    componentStack: '\n    at Table (https://a.example/app.js?v=CANARY:1:2)\n    at App',
    tags: { boundary: 'table' },
    contexts: { table: { token: 'CANARY', score: 7 } },
    eventId,
  });
  const events = await sentEvents();
  expect(returned).toBe(eventId);
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

it('sends frozen errors and thrown strings too', async () => {
  initSentry(quiet);
  captureError(Object.freeze(new Error('cold')), { componentStack: '\n    at A' });
  captureError('a word', { componentStack: '\n    at B' });
  const events = await sentEvents();
  expect(events.map((event) => event.exception.values.slice(-1)[0]?.value)).toEqual(['cold', 'a word']);
  expect(events[0]?.contexts.react).toEqual({ componentStack: '\n    at A' });
});

it("tags a game's error and sends it with breadcrumbs of the player's actions", async () => {
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

it('sends a warning about an operation over its threshold, and nothing about one within it', async () => {
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

it('adds a breadcrumb of a business metric', async () => {
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

describe('an argument that cannot be read', () => {
  const unreadable: readonly (readonly [string, () => unknown])[] = [
    ['an object without a prototype', () => Object.create(null)],
    ['a symbol', () => Symbol('cue')],
    [
      'a revoked proxy',
      () => {
        const { proxy, revoke } = Proxy.revocable({}, {});
        revoke();
        return proxy;
      },
    ],
    [
      'a getter that throws',
      () =>
        Object.defineProperty({}, 'x', {
          enumerable: true,
          get() {
            throw new Error('getter');
          },
        }),
    ],
  ];

  it.each(unreadable)('never throws into the app: %s', (_, make) => {
    initSentry(quiet);
    // As untyped JavaScript calls it.
    const untyped = (capture: unknown, ...given: readonly unknown[]) => {
      if (typeof capture === 'function') Reflect.apply(capture, undefined, given);
    };
    const argument = make();
    expect(() => {
      untyped(captureError, argument);
      untyped(captureError, argument, { componentStack: 'at Table' });
      untyped(captureError, new Error('x'), argument);
      untyped(captureError, new Error('x'), { tags: argument, contexts: argument });
      untyped(captureGameError, argument, argument, argument);
      untyped(captureUserAction, argument, 'success', argument);
      untyped(captureBusinessMetric, argument, argument, argument);
      untyped(capturePerformanceIssue, argument, argument, argument);
      untyped(capturePerformanceIssue, argument, 2, 1, argument);
    }).not.toThrow();
  });

  it('is replaced if it is the error, and holds up no flush', async () => {
    initSentry(quiet);
    const { proxy, revoke } = Proxy.revocable(new Error('x'), {});
    revoke();
    captureError(proxy);
    captureError(new Error('next'));
    const events = await sentEvents();
    expect(events.map((event) => event.exception.values[0]?.value)).toEqual([
      'an error that cannot be read',
      'next',
    ]);
    expect(await flushSentry(10_000)).toBe(true);
  });
});
