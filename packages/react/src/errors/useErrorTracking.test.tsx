import { cleanup, render, renderHook } from '@testing-library/react';
import { StrictMode } from 'react';
import { afterEach, describe, expect, it } from 'vitest';
import { setCurrentClient } from '../ambientTelemetry';
import { createFakeTelemetry } from '../testing';
import { useErrorReport, useErrorTracking } from './useErrorTracking';

afterEach(() => {
  cleanup();
  setCurrentClient(undefined);
});

describe('useErrorTracking', () => {
  it('returns the same object on every render, StrictMode included', () => {
    const { result, rerender } = renderHook(() => useErrorTracking(), { wrapper: StrictMode });
    const first = result.current;
    rerender();
    expect(result.current).toBe(first);
  });

  it("reports a game's error with the game's state, once for each error", () => {
    const { client, calls } = createFakeTelemetry();
    setCurrentClient(client);
    const { captureGameError } = renderHook(() => useErrorTracking()).result.current;
    const error = new Error('pocket');
    const id = captureGameError(error, { session_id: 's-1' });
    expect(captureGameError(error)).toBe(id);
    expect(id).toMatch(/^[\da-f]{32}$/);
    expect(calls).toEqual([
      [
        'trackError',
        error,
        expect.objectContaining({
          errorType: 'game',
          game: { session_id: 's-1' },
          handled: true,
          event_id: id,
        }),
      ],
    ]);
  });

  it('counts a user action with its outcome', () => {
    const { client, calls } = createFakeTelemetry();
    setCurrentClient(client);
    const { captureUserAction } = renderHook(() => useErrorTracking()).result.current;
    captureUserAction('join', 'error', { code: 'full' });
    captureUserAction('join', 'success');
    expect(calls).toEqual([
      ['trackUserAction', 'join', { code: 'full', outcome: 'error' }],
      ['trackUserAction', 'join', { outcome: 'success' }],
    ]);
  });
});

/** Like Next's error.tsx. */
function ErrorPage({ error }: { readonly error: unknown }) {
  return <p>{useErrorReport(error)}</p>;
}

describe('useErrorReport', () => {
  it('reports what a router caught once, StrictMode and other renders included, and returns the id of the report', () => {
    const { client, calls } = createFakeTelemetry();
    setCurrentClient(client);
    const error = new Error('x');
    const { container, rerender } = render(<ErrorPage error={error} />, { wrapper: StrictMode });
    rerender(<ErrorPage error={error} />);
    expect(calls).toEqual([
      ['trackError', error, expect.objectContaining({ handled: true, event_id: container.textContent })],
    ]);
    rerender(<ErrorPage error={new Error('y')} />);
    expect(calls).toHaveLength(2);
  });

  it('reports nothing of a page that was not found', () => {
    const { client, calls } = createFakeTelemetry();
    setCurrentClient(client);
    const notFound = { status: 404, statusText: 'Not Found', internal: true, data: 'no such page' };
    render(<ErrorPage error={notFound} />);
    expect(calls).toEqual([]);
  });
});
