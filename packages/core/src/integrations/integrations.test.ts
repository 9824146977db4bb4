// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Environment } from '../environment';
import { inertTelemetry } from '../inertTelemetry';
import type { Host, Integration, Telemetry } from '../telemetry';
import { apiCalls } from './apiCalls';
import { errors } from './errors';
import { pageLoad } from './pageLoad';

type Call = readonly [verb: string, ...args: unknown[]];

let calls: Call[];
let undo: () => void;

function setUp(integration: Integration): Environment {
  const note =
    (verb: string) =>
    (...args: unknown[]) => {
      calls.push([verb, ...args]);
    };
  const telemetry: Telemetry = {
    ...inertTelemetry(),
    trackApiCall: note('trackApiCall'),
    trackError: note('trackError'),
    trackPageLoad: note('trackPageLoad'),
  };
  const host: Host = {
    endpoint: '/api/metrics',
    key: undefined,
    fetch: window.fetch,
    token: undefined,
    hide() {},
    show() {},
    context: () => ({}),
    close() {},
    lastWords: [],
  };
  undo = integration.setup(telemetry, window, host);
  return window;
}

beforeEach(() => {
  calls = [];
  undo = () => undefined;
});

afterEach(() => {
  undo();
  vi.restoreAllMocks();
});

describe('apiCalls', () => {
  it('reports a fetch with its method and status, and answers what fetch answered', async () => {
    const response = new Response('{}', { status: 201 });
    const original = vi.fn(async () => response);
    window.fetch = original;
    setUp(apiCalls());
    expect(await window.fetch('/api/sessions/42', { method: 'POST' })).toBe(response);
    expect(calls).toEqual([['trackApiCall', '/api/sessions/42', 'POST', expect.any(Number), 201]]);
    undo();
    expect(window.fetch).toBe(original);
  });

  it('reports a fetch without an answer as status 0, and lets its error through', async () => {
    window.fetch = async () => {
      throw new TypeError('Failed to fetch');
    };
    setUp(apiCalls());
    await expect(window.fetch(new URL('https://api.test/x'))).rejects.toThrow('Failed to fetch');
    expect(calls).toEqual([['trackApiCall', 'https://api.test/x', 'GET', expect.any(Number), 0]]);
  });

  it('leaves out what it is told to ignore, data URLs and envelopes of Sentry', async () => {
    window.fetch = async () => new Response('');
    setUp(apiCalls({ ignore: ['/health', /\.png$/] }));
    for (const url of [
      '/health',
      '/a.png',
      'data:,x',
      'https://o1.ingest.test/api/1/envelope/?sentry_key=1',
    ]) {
      await window.fetch(url);
    }
    expect(calls).toEqual([]);
  });

  it('reports an XMLHttpRequest once it has ended', async () => {
    const send = vi.spyOn(XMLHttpRequest.prototype, 'send').mockImplementation(function (
      this: XMLHttpRequest,
    ) {
      this.dispatchEvent(new ProgressEvent('loadend'));
    });
    setUp(apiCalls());
    const request = new XMLHttpRequest();
    request.open('PUT', '/api/x');
    request.send();
    expect(send).toHaveBeenCalledOnce();
    expect(calls).toEqual([['trackApiCall', '/api/x', 'PUT', expect.any(Number), 0]]);
  });
});

describe('errors', () => {
  it('reports uncaught errors and rejections with the object that was thrown', () => {
    setUp(errors());
    const error = new RangeError('out');
    window.dispatchEvent(
      new ErrorEvent('error', { error, message: 'out', filename: 'a.js', lineno: 1, colno: 2 }),
    );
    window.dispatchEvent(Object.assign(new Event('unhandledrejection'), { reason: 'nope' }));
    expect(calls).toEqual([
      ['trackError', error, { handled: false, mechanism: 'onerror', source: 'a.js:1:2' }],
      ['trackError', 'nope', { handled: false, mechanism: 'onunhandledrejection' }],
    ]);
  });

  it('leaves the notes of ResizeObserver out', () => {
    setUp(errors());
    for (const message of [
      'ResizeObserver loop limit exceeded',
      'ResizeObserver loop completed with undelivered notifications.',
    ]) {
      window.dispatchEvent(new ErrorEvent('error', { message }));
    }
    expect(calls).toEqual([]);
  });

  it('tells an error of another origin by its own type, without a stack that is not its', () => {
    setUp(errors());
    window.dispatchEvent(new ErrorEvent('error', { message: 'Script error.' }));
    expect(calls[0]?.[1]).toMatchObject({ name: 'CrossOriginError', stack: '' });
  });

  it('leaves out images and scripts that could not be loaded', () => {
    setUp(errors());
    document.body.append(document.createElement('img'));
    document.body.lastChild?.dispatchEvent(new Event('error'));
    expect(calls).toEqual([]);
  });

  it('stops when it is undone', () => {
    setUp(errors());
    undo();
    window.dispatchEvent(Object.assign(new Event('unhandledrejection'), { reason: 'late' }));
    expect(calls).toEqual([]);
  });
});

describe('pageLoad', () => {
  it('reports the duration of the navigation once the load event has ended', async () => {
    const entry = { duration: 321 } as PerformanceNavigationTiming;
    window.performance.getEntriesByType = () => [entry];
    setUp(pageLoad());
    await vi.waitFor(() => expect(calls).toEqual([['trackPageLoad', '/', 321]]));
  });
});
