// @vitest-environment node
import { renderToString } from 'react-dom/server';
import { afterEach, expect, it, vi } from 'vitest';
import {
  ErrorBoundary,
  initTelemetry,
  TelemetryProvider,
  useErrorTracking,
  useMetrics,
  usePageView,
  useTelemetry,
} from './index';

afterEach(() => {
  vi.restoreAllMocks();
});

function App() {
  usePageView('/table');
  useMetrics().trackUserAction('rendered');
  useErrorTracking().captureUserAction('rendered', 'success');
  return <p>{useTelemetry().stats().emitted}</p>;
}

it('renders on a server, where there is no window, without a word', () => {
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

it('keeps no client there: one module serves the requests of everybody', () => {
  const options = { endpoint: '/api/metrics', app: 'billiards' };
  expect(initTelemetry(options)).not.toBe(initTelemetry(options));
});
