// @vitest-environment jsdom
import { expect, it, vi } from 'vitest';
import { createTelemetry } from './createTelemetry';
import { defaultIntegrations } from './integrations/defaultIntegrations';
import type { Environment } from './page/environment';

/** The page as jsdom makes it, and as Jest's tests see it: without fetch, IndexedDB and a performance timeline. */
const { window } = (globalThis as unknown as { readonly jsdom: { readonly window: Environment } }).jsdom;

it('starts, records, hides and ends in a test environment without a word', async () => {
  expect([window.fetch, window.indexedDB, window.performance.getEntriesByType]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  const errors: unknown[] = [];
  window.addEventListener('error', ({ error }) => errors.push(error));
  const error = vi.spyOn(window.console, 'error');
  const telemetry = createTelemetry({
    endpoint: '/api/metrics',
    app: 'billiards',
    debug: false,
    environment: window,
    integrations: defaultIntegrations(),
  });
  telemetry.trackUserAction('tap', { ball_id: 7 });
  telemetry.startSpan('shot').end();
  window.dispatchEvent(new window.Event('load'));
  // Whatever the page begins when it is idle has begun before a timer that is set now.
  await new Promise((resolve) => window.setTimeout(resolve, 1));
  await telemetry.flush();
  window.dispatchEvent(new window.Event('pagehide'));
  expect(telemetry.stats()).toMatchObject({ emitted: 2, pending: 2, dropped: {} });
  await telemetry.shutdown();
  expect(errors).toEqual([]);
  expect(error).not.toHaveBeenCalled();
});
