import { cleanup, render } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { ErrorBoundary, initTelemetry } from './index';

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

function Table(): never {
  throw new Error('made anew in each render');
}

it('counts a caught error once, hears of others, and leaves the page as it was after the shutdown', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const own = () => Object.getOwnPropertyNames(HTMLUnknownElement.prototype);
  const before = own();
  const client = initTelemetry({ endpoint: '/api/metrics', app: 'billiards', debug: false });
  const emitted = client.stats().emitted;
  const onerror = () => true;
  window.onerror = onerror;
  render(
    <ErrorBoundary>
      <Table />
    </ErrorBoundary>,
  );
  expect(client.stats().emitted - emitted).toBe(1);
  expect(window.onerror).toBe(onerror);

  window.dispatchEvent(new ErrorEvent('error', { error: new Error('uncaught'), message: 'uncaught' }));
  expect(client.stats().emitted - emitted).toBe(2);
  window.onerror = null;
  await client.shutdown();
  expect(own()).toEqual(before);
});
