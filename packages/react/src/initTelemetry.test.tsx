import type * as SentryModule from '@artel/telemetry-sentry';
import { cleanup, render, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type * as Index from './index';

type Sentry = typeof SentryModule;

/** The calls of Sentry's package, in order. */
let sentryCalls: [verb: string, ...all: unknown[]][] = [];
let bodies: string[] = [];
let react: typeof Index;

const note =
  (verb: string, answer?: unknown) =>
  (...all: unknown[]): unknown => {
    sentryCalls.push([verb, ...all]);
    return answer;
  };

/** Puts `sentry` in the place of the package that `import('@artel/telemetry-sentry')` loads. */
function serveSentry(sentry: () => Partial<Record<keyof Sentry, unknown>>): void {
  vi.doMock('@artel/telemetry-sentry', sentry);
}

const fakeSentry = (): Record<keyof Sentry, unknown> => ({
  initSentry: note('initSentry'),
  sentryOptions: note('sentryOptions'),
  captureError: note('captureError', 'id'),
  captureGameError: note('captureGameError', 'id'),
  captureUserAction: note('captureUserAction'),
  captureBusinessMetric: note('captureBusinessMetric'),
  capturePerformanceIssue: note('capturePerformanceIssue', 'id'),
  setSentryUser: note('setSentryUser'),
  setSentryConsent: note('setSentryConsent'),
  flushSentry: note('flushSentry', Promise.resolve(true)),
  closeSentry: note('closeSentry', Promise.resolve()),
});

const broken = new RangeError('the cue broke');

function Table(): never {
  throw broken;
}

/** What a browser does with an error that nobody caught. */
function throwUncaught(error: Error): void {
  window.dispatchEvent(new ErrorEvent('error', { error, message: error.message }));
}

/** Without a listener of the page, vitest takes an `error` event for its own failure. */
const ignore = () => {};

const base = { endpoint: '/api/metrics', app: { name: 'billiards', version: '1.0.0' }, debug: false };
const sentry = { dsn: 'https://a@b.example/1' };
const verbs = () => sentryCalls.map(([verb]) => verb);
const loaded = () => vi.waitFor(() => expect(verbs()).toContain('setSentryConsent'));

beforeEach(async () => {
  sentryCalls = [];
  bodies = [];
  window.addEventListener('error', ignore);
  vi.resetModules();
  serveSentry(fakeSentry);
  vi.stubGlobal('fetch', (_: string, init: RequestInit) => {
    if (typeof init.body === 'string') bodies.push(init.body);
    return Promise.resolve(Response.json({ accepted: 1, rejected: [], duplicate: false }, { status: 202 }));
  });
  vi.stubGlobal('CompressionStream', undefined);
  vi.spyOn(console, 'error').mockImplementation(() => {});
  react = await import('./index');
});

afterEach(async () => {
  window.removeEventListener('error', ignore);
  cleanup();
  const { currentClient } = await import('./ambientTelemetry');
  await currentClient?.shutdown();
  vi.doUnmock('@artel/telemetry-sentry');
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe('the client', () => {
  it('sends what the hooks record with nothing but one initTelemetry before them', async () => {
    const client = react.initTelemetry({ ...base, integrations: [] });
    renderHook(() => react.useMetrics()).result.current.trackUserAction('cue_hit');
    await client.flush();
    expect(bodies.join()).toContain('"user_action_total"');
    expect(bodies.join()).toContain('cue_hit');
    expect(client.stats()).toMatchObject({ emitted: 1, acknowledged: 1 });
  });

  it('counts an error that a boundary caught once, though window receives it too', async () => {
    const client = react.initTelemetry(base);
    const before = client.stats().emitted;
    render(
      <react.ErrorBoundary>
        <Table />
      </react.ErrorBoundary>,
    );
    throwUncaught(broken);
    expect(client.stats().emitted - before).toBe(1);
    await client.flush();
    expect(bodies.join()).toContain('"error_type":"RangeError"');
  });

  it('watches for errors when integrations are left out, and not when they are given', async () => {
    const watching = react.initTelemetry(base);
    const before = watching.stats().emitted;
    throwUncaught(new Error('x'));
    expect(watching.stats().emitted - before).toBe(1);
    await watching.shutdown();
    const bare = react.initTelemetry({ ...base, integrations: [] });
    throwUncaught(new Error('y'));
    expect(bare.stats().emitted).toBe(0);
  });

  it("counts no control flow that reaches the window, such as Next's redirect() in an event handler", () => {
    const client = react.initTelemetry(base);
    const before = client.stats().emitted;
    throwUncaught(Object.assign(new Error('NEXT_REDIRECT'), { digest: 'NEXT_REDIRECT;push;/login;307;' }));
    expect(client.stats().emitted).toBe(before);
  });

  it('is the first one however often initTelemetry is called, with one warning', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const client = react.initTelemetry({ ...base, integrations: [] });
    expect(react.initTelemetry(base)).toBe(client);
    expect(react.initTelemetry(base)).toBe(client);
    expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('initTelemetry was called again'));
  });

  it('can be replaced after its shutdown', async () => {
    const client = react.initTelemetry({ ...base, integrations: [] });
    await client.shutdown();
    expect(react.initTelemetry({ ...base, integrations: [] })).not.toBe(client);
  });

  it('throws an error that names a wrong option', () => {
    expect(() => react.initTelemetry({ ...base, endpoint: 'nowhere' })).toThrow('endpoint');
  });
});

describe('Sentry', () => {
  it('is not loaded without its options', async () => {
    react.initTelemetry({ ...base, integrations: [] });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(sentryCalls).toEqual([]);
  });

  it('receives the player of the session token, as onUser does', async () => {
    const onUser = vi.fn();
    const token = async () => ({ token: 't', subject: 'p-2' });
    react.initTelemetry({ ...base, sentry, integrations: [], token, onUser });
    await loaded();
    await vi.waitFor(() => expect(sentryCalls).toContainEqual(['setSentryUser', 'p-2']));
    expect(onUser).toHaveBeenCalledExactlyOnceWith('p-2');
  });

  it('is loaded with the name of the app, and receives errors and actions from before', async () => {
    const client = react.initTelemetry({ ...base, sentry, integrations: [] });
    const { captureGameError, captureUserAction } = renderHook(() => react.useErrorTracking()).result.current;
    const early = new Error('early');
    captureUserAction('join', 'success', { table: 3 });
    const id = captureGameError(early, { balls: 15 });
    client.setUser('p-1');
    expect(sentryCalls).toEqual([]);
    await loaded();
    expect(sentryCalls).toEqual([
      ['initSentry', { app: base.app, endpoint: base.endpoint, dsn: sentry.dsn }],
      ['setSentryConsent', true],
      ['captureUserAction', 'join', 'success', { table: 3 }],
      [
        'captureError',
        early,
        expect.objectContaining({
          eventId: id,
          contexts: { game: { balls: 15 } },
          tags: { errorType: 'game' },
        }),
      ],
      ['setSentryUser', 'p-1'],
    ]);
  });

  it('receives one event of a boundary, with the component stack and the id that the player sees', async () => {
    react.initTelemetry({ ...base, sentry });
    await loaded();
    const { container } = render(
      <react.ErrorBoundary fallback={({ eventId }) => <p>{eventId}</p>}>
        <Table />
      </react.ErrorBoundary>,
    );
    const captured = sentryCalls.filter(([verb]) => verb === 'captureError');
    expect(captured).toHaveLength(1);
    expect(captured[0]?.[2]).toMatchObject({
      handled: true,
      componentStack: expect.stringContaining('Table'),
      eventId: container.textContent,
    });
  });

  it('receives an uncaught error from before it has loaded, and leaves later ones to its own listeners', async () => {
    react.initTelemetry({ ...base, sentry });
    const crash = new Error('at the start');
    throwUncaught(crash);
    await loaded();
    throwUncaught(new Error('later'));
    const captured = sentryCalls.filter(([verb]) => verb === 'captureError');
    expect(captured).toEqual([['captureError', crash, { handled: false, mechanism: 'error' }]]);
  });

  it("receives nothing of a framework's uncaught control flow, such as Next's redirect() in an event handler", async () => {
    react.initTelemetry({ ...base, sentry, integrations: [] });
    throwUncaught(Object.assign(new Error('NEXT_REDIRECT'), { digest: 'NEXT_REDIRECT;push;/login;307;' }));
    await loaded();
    expect(verbs()).toEqual(['initSentry', 'setSentryConsent']);
  });

  it('is not loaded before consent, and then receives what waited', async () => {
    const client = react.initTelemetry({ ...base, sentry, consent: 'pending', integrations: [] });
    renderHook(() => react.useErrorTracking()).result.current.captureGameError(new Error('early'));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(sentryCalls).toEqual([]);
    client.setConsent(true);
    await loaded();
    expect(verbs()).toEqual(['initSentry', 'setSentryConsent', 'captureError']);
  });

  it('discards what waited when consent is refused, and is silenced when it is withdrawn', async () => {
    const client = react.initTelemetry({ ...base, sentry, consent: 'pending', integrations: [] });
    renderHook(() => react.useErrorTracking()).result.current.captureGameError(new Error('early'));
    client.setConsent(false);
    client.setConsent(true);
    await loaded();
    expect(verbs()).toEqual(['initSentry', 'setSentryConsent']);
    client.setConsent(false);
    expect(sentryCalls.at(-1)).toEqual(['setSentryConsent', false]);
  });

  it('does not start when consent is withdrawn while it loads', async () => {
    const client = react.initTelemetry({ ...base, sentry, integrations: [] });
    client.setConsent(false);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(sentryCalls).toEqual([]);
  });

  it('may fail to load: one warning, and the client works on', async () => {
    serveSentry(() => {
      throw new Error('offline');
    });
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const client = react.initTelemetry({ ...base, sentry, integrations: [] });
    await vi.waitFor(() => expect(warn).toHaveBeenCalledOnce());
    expect(warn).toHaveBeenCalledWith(expect.stringContaining('Sentry did not start'));
    client.trackError(new Error('x'));
    await client.flush();
    expect(client.stats().acknowledged).toBe(1);
  });

  it('is closed with the client', async () => {
    const client = react.initTelemetry({ ...base, sentry, integrations: [] });
    await loaded();
    await client.shutdown();
    expect(verbs().at(-1)).toBe('closeSentry');
  });
});
