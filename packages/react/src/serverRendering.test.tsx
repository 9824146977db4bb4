// @vitest-environment node
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type ReactNode, Suspense } from 'react';
import { renderToPipeableStream, renderToString } from 'react-dom/server';
import { afterEach, expect, it, vi } from 'vitest';
import { setCurrentClient } from './ambientTelemetry';
import {
  ErrorBoundary,
  initTelemetry,
  TelemetryProvider,
  useErrorTracking,
  useMetrics,
  usePageView,
  useTelemetry,
  useTrackedAction,
} from './index';
import { createFakeTelemetry } from './testing';

afterEach(() => {
  vi.restoreAllMocks();
});

function App() {
  usePageView('/table');
  useMetrics().trackUserAction('rendered');
  useErrorTracking().captureUserAction('rendered', 'success');
  return <p>{useTelemetry().stats().emitted}</p>;
}

it('renders on a server, where there is no window, in silence', () => {
  expect(typeof window).toBe('undefined');
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const client = initTelemetry({
    endpoint: '/api/metrics',
    app: 'billiards',
    sentry: { dsn: 'https://a@b.example/1' },
  });
  const html = renderToString(
    <TelemetryProvider>
      <ErrorBoundary>
        <App />
      </ErrorBoundary>
    </TelemetryProvider>,
  );
  expect(html).toBe('<p>0</p>');
  expect(client.stats().emitted).toBe(0);
  expect(warn).not.toHaveBeenCalled();
});

it('keeps no client there, since one module serves the requests of everybody', () => {
  const options = { endpoint: '/api/metrics', app: 'billiards' };
  expect(initTelemetry(options)).not.toBe(initTelemetry(options));
});

let served: string | undefined;
let waits = 0;
let arrive = () => {};
const arrives = new Promise<void>((resolve) => {
  arrive = () => {
    served = 'the table';
    resolve();
  };
});

function Table(): ReactNode {
  usePageView('/table');
  useTrackedAction('cue_hit', { cue: 'ash' });
  if (served === undefined) {
    waits++;
    throw arrives;
  }
  return <p>{served}</p>;
}

it('streams a page that suspends, and keeps nothing for a later client', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const onError = vi.fn();
  const page = (
    <ErrorBoundary>
      <Suspense fallback={<p>wait</p>}>
        <Table />
      </Suspense>
    </ErrorBoundary>
  );
  const out = new PassThrough();
  const { pipe } = renderToPipeableStream(page, {
    onShellReady() {
      pipe(out);
      arrive();
    },
    onError,
  });
  const html = await text(out);
  expect(waits).toBeGreaterThan(0);
  expect(html).toContain('<p>the table</p>');
  const { client, calls } = createFakeTelemetry();
  setCurrentClient(client);
  setCurrentClient(undefined);
  expect(calls).toEqual([]);
  expect(onError).not.toHaveBeenCalled();
  expect(warn).not.toHaveBeenCalled();
});
