import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Environment } from '../../page/environment';
import { claimEndpoint } from '../../page/registry';
import type { IntegrationHost } from '../../telemetry';
import { fakeHost } from '../host.fixture';
import { type ApiCallsOptions, apiCalls } from './apiCalls';

interface FakePage {
  readonly environment: Environment;
  readonly fetch: ReturnType<typeof vi.fn>;
  /** Starts a client with `apiCalls`. Returns the calls that it has reported, and how to stop it. */
  start(
    options?: ApiCallsOptions,
    facts?: Partial<IntegrationHost>,
  ): { readonly reported: () => readonly (readonly unknown[])[]; readonly stop: () => void };
}

function openPage(): FakePage {
  const fetch = vi.fn(async (_input?: unknown, _init?: unknown) => new Response('{}', { status: 201 }));
  const environment = Object.assign(new EventTarget(), {
    document: { baseURI: 'https://app.test/game/7' },
    performance,
    fetch,
  }) as unknown as Environment;
  return {
    environment,
    fetch,
    start(options, facts) {
      const { host, calls } = fakeHost(environment, facts);
      // As every client does at its start.
      claimEndpoint(environment, host.endpoint);
      const contribution = apiCalls(options).setup(host);
      return {
        reported: () => calls.map(([, href, method, , status]) => [href, method, status]),
        stop: () => contribution?.stop?.(),
      };
    },
  };
}

/** The package as a second bundle of the page has it. */
async function secondCopy() {
  vi.resetModules();
  return import('./apiCalls');
}

afterEach(() => {
  vi.resetModules();
});

describe('a call', () => {
  it('is reported with its address, method, duration and status', async () => {
    const page = openPage();
    const { host, calls } = fakeHost(page.environment);
    apiCalls().setup(host);
    await page.environment.fetch('/api/sessions/42', { method: 'POST' });
    expect(calls).toEqual([
      ['trackApiCall', 'https://app.test/api/sessions/42', 'POST', expect.any(Number), 201],
    ]);
  });

  it('is left out if it matches `ignore`, whichever flags a pattern has', async () => {
    const page = openPage();
    const { reported } = page.start({ ignore: ['/health', /\.png$/, /\/api\/echo/g, /\/api\/sticky/y] });
    for (const path of ['/health', '/a.png', '/api/echo', '/api/sticky']) {
      for (let i = 0; i < 10; i++) await page.environment.fetch(path);
    }
    await page.environment.fetch('/api/other');
    expect(reported()).toEqual([['https://app.test/api/other', 'GET', 201]]);
  });

  it('is left out if it is an envelope of Sentry or already in the page', async () => {
    const page = openPage();
    const { reported } = page.start();
    for (const url of ['data:,x', 'blob:https://app.test/1', 'https://o1.ingest.test/api/1/envelope/?k=1']) {
      await page.environment.fetch(url);
    }
    expect(reported()).toEqual([]);
  });

  it('succeeds in the app even if reporting it throws', async () => {
    const page = openPage();
    const { host } = fakeHost(page.environment);
    const telemetry = {
      ...host.telemetry,
      trackApiCall() {
        throw new Error('broken');
      },
    };
    apiCalls().setup({ ...host, telemetry });
    expect((await page.environment.fetch('/api/x')).status).toBe(201);
  });
});

describe('several clients on one page', () => {
  it('share one patch, and each reports each call once', async () => {
    const page = openPage();
    const clients = ['lobby', 'shop', 'chat'].map((app) => page.start({}, { app }));
    await page.environment.fetch('/api/x');
    expect(page.fetch).toHaveBeenCalledOnce();
    for (const { reported } of clients) expect(reported()).toHaveLength(1);
  });

  it('share one patch with the clients of another copy of the package', async () => {
    const page = openPage();
    const first = page.start({}, { app: 'lobby' });
    const patched = page.environment.fetch;
    const { host, calls } = fakeHost(page.environment, { app: 'shop' });
    (await secondCopy()).apiCalls().setup(host);
    expect(page.environment.fetch).toBe(patched);
    await page.environment.fetch('/api/x');
    expect(first.reported()).toHaveLength(1);
    expect(calls).toHaveLength(1);
  });

  it('report a call once together if they have the same app and endpoint', async () => {
    const page = openPage();
    const [one, other] = [page.start(), page.start()];
    await page.environment.fetch('/api/x');
    expect(one.reported().length + other.reported().length).toBe(1);
    one.stop();
    await page.environment.fetch('/api/x');
    expect(one.reported().length + other.reported().length).toBe(2);
  });

  it('report for each other what only one of them ignores, if they have the same app and endpoint', async () => {
    const page = openPage();
    page.start({ ignore: ['/api/x'] });
    const other = page.start();
    await page.environment.fetch('/api/x');
    expect(other.reported()).toHaveLength(1);
  });

  it('go on when one of them stops', async () => {
    const page = openPage();
    const [one, other] = [page.start({}, { app: 'a' }), page.start({}, { app: 'b' })];
    one.stop();
    one.stop();
    await page.environment.fetch('/api/x');
    expect(one.reported()).toEqual([]);
    expect(other.reported()).toHaveLength(1);
  });

  it('restore the page when the last of them stops', () => {
    const page = openPage();
    const [one, other] = [page.start({}, { app: 'a' }), page.start({}, { app: 'b' })];
    one.stop();
    expect(page.environment.fetch).not.toBe(page.fetch);
    other.stop();
    expect(page.environment.fetch).toBe(page.fetch);
  });

  it('report once after a start, a wrapper of another library, a stop and a new start', async () => {
    const page = openPage();
    page.start().stop();
    const first = page.start();
    const ours = page.environment.fetch;
    page.environment.fetch = async (...args) => {
      await Promise.resolve();
      return ours(...args);
    };
    const wrapper = page.environment.fetch;
    first.stop();
    expect(page.environment.fetch).toBe(wrapper);
    const second = page.start();
    await page.environment.fetch('/api/x');
    expect(page.fetch).toHaveBeenCalledOnce();
    expect(first.reported()).toEqual([]);
    expect(second.reported()).toHaveLength(1);
  });
});

describe('telemetry’s own requests', () => {
  const endpoint = 'https://telemetry.test/eu/api/metrics?tenant=1';

  it.each([
    'https://telemetry.test/eu/api/metrics',
    'https://telemetry.test/eu/api/metrics?x=1',
    'https://telemetry.test/eu/api/metrics/later',
    'https://telemetry.test/eu/api/session',
    'https://TELEMETRY.test:443/eu/x/../api/sentry#a',
    '//telemetry.test/eu/api/session',
    '/api/metrics',
    '../api/sentry',
  ])('at %s are reported by no client of the page', async (url) => {
    const page = openPage();
    const clients = [page.start(), page.start({}, { app: 'shop', endpoint })];
    await page.environment.fetch(url);
    await page.environment.fetch(new Request(new URL(url, page.environment.document.baseURI)));
    for (const { reported } of clients) expect(reported()).toEqual([]);
  });

  it.each([
    'https://telemetry.test/eu/api/metrics2',
    'https://telemetry.test/eu/api/sessions/42',
    'https://telemetry.test/api/metrics',
  ])('are not confused with the call at %s', async (url) => {
    const page = openPage();
    const { reported } = page.start({}, { endpoint });
    await page.environment.fetch(url);
    expect(reported()).toHaveLength(1);
  });

  it('are not reported if their client does without apiCalls, or has stopped', async () => {
    const page = openPage();
    const { reported } = page.start();
    claimEndpoint(page.environment, endpoint);
    page.start({}, { app: 'shop', endpoint: 'https://shop.test/api/metrics' }).stop();
    await page.environment.fetch(endpoint, { method: 'POST' });
    await page.environment.fetch('https://shop.test/api/metrics', { method: 'POST' });
    expect(reported()).toEqual([]);
  });
});
