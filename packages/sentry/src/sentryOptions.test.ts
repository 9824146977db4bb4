import type { Breadcrumb, BrowserOptions, ErrorEvent } from '@sentry/react';
import { BrowserClient, createTransport, defaultStackParser, logger } from '@sentry/react';
import { describe, expect, it, vi } from 'vitest';
import type { SentryOptions } from './options';
import { sentryOptions } from './sentryOptions';

const dsn = 'https://abc@sentry.example/1';
const build = (more: Partial<SentryOptions> = {}): BrowserOptions => sentryOptions({ dsn, ...more });
const thrown = (value: string): ErrorEvent => ({
  type: undefined,
  exception: { values: [{ type: 'Error', value }] },
});

describe('sampling', () => {
  it('is 0.1 of traces and of sessions, and every session with an error', () => {
    expect(build()).toMatchObject({
      tracesSampleRate: 0.1,
      replaysSessionSampleRate: 0.1,
      replaysOnErrorSampleRate: 1,
    });
  });

  it('is what the app sets, 0 included', () => {
    const rates = { tracesSampleRate: 1, replaysSessionSampleRate: 0, replaysOnErrorSampleRate: 0.5 };
    expect(build(rates)).toMatchObject(rates);
  });
});

describe('data collection', () => {
  it('lists every category of the installed Sentry', () => {
    const client = new BrowserClient({
      dsn,
      integrations: [],
      stackParser: defaultStackParser,
      transport: (options) => createTransport(options, () => Promise.resolve({})),
    });
    expect(Object.keys(build().dataCollection ?? {}).sort()).toEqual(
      Object.keys(client.getDataCollectionOptions()).sort(),
    );
  });

  it('disables every category', () => {
    const disabled = (value: unknown): boolean =>
      value === false || value === 0 || (Array.isArray(value) && value.length === 0)
        ? true
        : typeof value === 'object' && value !== null && Object.values(value).length > 0
          ? Object.values(value).every(disabled)
          : false;
    expect(disabled(build().dataCollection)).toBe(true);
  });

  it('uses none of the options that Sentry 11 no longer reads', () => {
    expect(build()).not.toHaveProperty('sendDefaultPii');
    expect(build()).not.toHaveProperty('beforeSendTransaction');
  });
});

it("does not change the messages of the app's own errors", () => {
  expect(build().enhanceFetchErrorMessages).toBe('report-only');
});

describe('release and environment', () => {
  it('come from the app', () => {
    const app = { name: 'ArtelBilliards', version: '1.2.3', environment: 'staging' };
    expect(build({ app })).toMatchObject({ release: 'ArtelBilliards@1.2.3', environment: 'staging' });
  });

  it('are what the app sets', () => {
    const app = { name: 'ArtelBilliards', version: '1.2.3' };
    expect(build({ app, release: 'r', environment: 'e' })).toMatchObject({ release: 'r', environment: 'e' });
  });
});

describe('beforeSend', () => {
  it("runs the app's own hook first, and scrubs what it returns", async () => {
    const seen: unknown[] = [];
    const { beforeSend } = build({
      beforeSend: (event) => {
        seen.push(event.exception?.values?.[0]?.value);
        return { ...event, extra: { token: 'planted' } };
      },
    });
    const sent = await beforeSend?.(thrown('at https://a.example/?token=1'), {});
    expect(seen).toEqual(['at https://a.example/?token=1']);
    expect(sent?.extra).toEqual({ token: '[Filtered]' });
    expect(sent?.exception?.values?.[0]?.value).toBe('at https://a.example/');
  });

  it('waits for an asynchronous hook', async () => {
    const { beforeSend } = build({
      beforeSend: (event) => Promise.resolve({ ...event, extra: { token: 'planted' } }),
    });
    expect((await beforeSend?.(thrown('x'), {}))?.extra).toEqual({ token: '[Filtered]' });
  });

  it("drops what the app's hook drops, and lost networks", async () => {
    expect(await build({ beforeSend: () => null }).beforeSend?.(thrown('x'), {})).toBeNull();
    const lost = { originalException: new TypeError('Network request failed') };
    expect(await build().beforeSend?.(thrown('x'), lost)).toBeNull();
  });
});

describe('beforeBreadcrumb', () => {
  const crumb: Breadcrumb = { category: 'fetch', data: { url: '/api/x?token=1', body: { password: 'p' } } };

  it('scrubs the data without touching the original', () => {
    expect(build().beforeBreadcrumb?.(crumb)?.data).toEqual({
      url: '/api/x',
      body: { password: '[Filtered]' },
    });
    expect(crumb.data?.url).toBe('/api/x?token=1');
  });

  it("filters and scrubs what the app's hook returns", () => {
    const bridge = { category: 'console', message: '[Telegram.WebView] < receiveEvent' };
    expect(build({ beforeBreadcrumb: () => bridge }).beforeBreadcrumb?.(crumb)).toBeNull();
    const replaced = build({ beforeBreadcrumb: () => ({ ...crumb, data: { token: 'CANARY' } }) });
    expect(replaced.beforeBreadcrumb?.(crumb)?.data).toEqual({ token: '[Filtered]' });
  });

  it('drops the requests of the telemetry itself', () => {
    const { beforeBreadcrumb } = build({ endpoint: 'https://t.example/api/metrics', tunnel: '/envelopes' });
    for (const url of [
      'https://t.example/api/metrics',
      'https://t.example/api/session',
      'https://t.example/api/sentry',
      '/envelopes',
    ]) {
      expect(beforeBreadcrumb?.({ category: 'fetch', data: { url } })).toBeNull();
    }
    expect(beforeBreadcrumb?.({ category: 'fetch', data: { url: '/api/games' } })).not.toBeNull();
  });

  it("drops bridge messages, ignored requests, and what the app's hook drops", () => {
    const bridge = { category: 'console', message: '[Telegram.WebView] > postEvent web_app_open' };
    expect(build().beforeBreadcrumb?.(bridge)).toBeNull();
    expect(build({ ignoreRequestsTo: ['/api/x'] }).beforeBreadcrumb?.(crumb)).toBeNull();
    expect(build({ beforeBreadcrumb: () => null }).beforeBreadcrumb?.(crumb)).toBeNull();
  });
});

it("scrubs a span's name and attributes, after the app's own hook", () => {
  const beforeSendSpan = vi.fn((span) => span);
  const clean = build({ beforeSendSpan }).beforeSendSpan?.({
    trace_id: 'a'.repeat(32),
    span_id: 'b'.repeat(16),
    name: 'GET /games?token=1',
    start_timestamp: 1,
    status: 'ok',
    is_segment: true,
    attributes: {
      'url.full': 'https://a.example/games?token=1#tgWebAppData=x',
      'url.query': 'token=1',
      'http.request.header.authorization': 'tma x',
      'sentry.op': 'http.client',
    },
  });
  expect(beforeSendSpan).toHaveBeenCalledOnce();
  expect(clean).toMatchObject({
    name: 'GET /games',
    trace_id: 'a'.repeat(32),
    attributes: {
      'url.full': 'https://a.example/games',
      'url.query': '[Filtered]',
      'http.request.header.authorization': '[Filtered]',
      'sentry.op': 'http.client',
    },
  });
});

it('drops a bridge message from the logs', () => {
  const log = { level: 'info' as const, message: '[Telegram.WebView] > postEvent web_app_open' };
  expect(build().beforeSendLog?.(log)).toBeNull();
});

describe('the tunnel', () => {
  it('is the gateway’s, beside its endpoint, or any address', () => {
    expect(build()).not.toHaveProperty('tunnel');
    expect(build({ tunnel: '/x' }).tunnel).toBe('/x');
    expect(build({ tunnel: true }).tunnel).toBe('/api/sentry');
    const endpoint = 'https://t.example/v1/metrics?a=/b';
    expect(build({ tunnel: true, endpoint }).tunnel).toBe('https://t.example/v1/sentry');
  });
});

it("drops errors of injected code, whatever the app's hook makes of them", async () => {
  const noise = thrown('WebAppMethodUnsupported');
  expect(await build().beforeSend?.(noise, {})).toBeNull();
  expect(await build({ beforeSend: () => noise }).beforeSend?.(thrown('x'), {})).toBeNull();
});

describe('a relative endpoint', () => {
  it('is resolved once, so that a navigation changes nothing', () => {
    history.replaceState(null, '', '/app/');
    const { tunnel, beforeBreadcrumb } = build({ endpoint: '../api/metrics', tunnel: true });
    history.replaceState(null, '', '/app/game/1');
    const url = new URL('/api/metrics', location.href).href;
    expect(tunnel).toBe(new URL('/api/sentry', location.href).href);
    expect(beforeBreadcrumb?.({ category: 'fetch', data: { url } })).toBeNull();
    history.replaceState(null, '', '/');
  });

  it('of one word matches no other request', () => {
    const { beforeBreadcrumb } = build({ endpoint: 'metrics', tunnel: 'tunnel' });
    const url = 'https://a.example/session/metrics/tunnel';
    expect(beforeBreadcrumb?.({ category: 'fetch', data: { url } })).not.toBeNull();
  });
});

it('ignores a conditional integration that is undefined', () => {
  const conditional: { name: string }[] = JSON.parse('[null]');
  expect(build({ integrations: conditional }).integrations).toHaveLength(2);
});

it('keeps the message of a log that Sentry’s logger formatted', () => {
  const message = logger.fmt`ball ${7} potted`;
  expect(build().beforeSendLog?.({ level: 'info', message })?.message).toBe('ball 7 potted');
});

it('scrubs logs and metrics', () => {
  const log = build().beforeSendLog?.({ level: 'info', message: 'x', attributes: { token: 't' } });
  expect(log?.attributes).toEqual({ token: '[Filtered]' });
  const metric = build().beforeSendMetric?.({
    name: 'm',
    value: 1,
    type: 'counter',
    attributes: { token: 't' },
  });
  expect(metric?.attributes).toEqual({ token: '[Filtered]' });
});

it('puts the scrubber behind all other integrations', () => {
  const { integrations } = build({ integrations: [{ name: 'own' }] });
  const names = Array.isArray(integrations) ? integrations.map(({ name }) => name) : [];
  expect(names).toContain('own');
  expect(names.at(-1)).toBe('ArtelScrubber');
});

it('scrubs replay events, for which Sentry calls no beforeSend', async () => {
  const { integrations } = build();
  const scrub = Array.isArray(integrations)
    ? integrations.find((one) => one.name === 'ArtelScrubber')
    : undefined;
  if (!scrub?.processEvent) throw new Error('no such integration');
  const replay = { type: 'replay_event' as const, urls: ['https://a.example/#tgWebAppData=CANARY'] };
  const client = new BrowserClient({
    integrations: [],
    stackParser: defaultStackParser,
    transport: (options) => createTransport(options, () => Promise.resolve({})),
  });
  expect(await scrub.processEvent(replay, {}, client)).toMatchObject({ urls: ['https://a.example/'] });
});
