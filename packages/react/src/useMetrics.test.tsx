import { cleanup, render, renderHook } from '@testing-library/react';
import { memo, StrictMode } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { fakeTelemetry } from '../fixtures/fakeTelemetry';
import { setStartedClient } from './ambientTelemetry';
import { TelemetryProvider } from './TelemetryProvider';
import { useErrorTracking } from './useErrorTracking';
import { type Metrics, useMetrics } from './useMetrics';
import { useTelemetry } from './useTelemetry';

afterEach(() => {
  cleanup();
  setStartedClient(undefined);
  vi.restoreAllMocks();
});

let renders = 0;
let rendered: Metrics | undefined;

const Counted = memo(function Counted() {
  renders += 1;
  rendered = useMetrics();
  return null;
});

function Hit() {
  useMetrics().trackUserAction('hit');
  return null;
}

describe('useMetrics', () => {
  it('answers the same object with the same verbs on every render, in every component', () => {
    const one = renderHook(() => useMetrics());
    const { result, rerender } = renderHook(() => useMetrics());
    const first = result.current;
    const { trackUserAction } = first;
    rerender();
    expect(result.current).toBe(first);
    expect(result.current.trackUserAction).toBe(trackUserAction);
    expect(one.result.current).toBe(first);
  });

  it('keeps its identity over a start after the first render, and hands on what was recorded before', () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    const { result, rerender } = renderHook(() => useMetrics());
    const { trackUserAction, count } = result.current;
    const { client, calls } = fakeTelemetry();
    trackUserAction('too_early');
    setStartedClient(client);
    rerender();
    trackUserAction('cue_hit', { ball: 8 });
    count('shots_total', { cue: 'ash' }, 2);
    expect(result.current.trackUserAction).toBe(trackUserAction);
    expect(calls).toEqual([
      ['trackUserAction', 'too_early'],
      ['trackUserAction', 'cue_hit', { ball: 8 }],
      ['count', 'shots_total', { cue: 'ash' }, 2],
    ]);
  });

  it('hands every verb on with its arguments', () => {
    const { client, calls } = fakeTelemetry();
    setStartedClient(client);
    const metrics = renderHook(() => useMetrics()).result.current;
    const error = new Error('x');
    metrics.trackPageLoad('/game', 120);
    metrics.trackApiCall('/api/games/5', 'GET', 30, 200);
    metrics.trackGameEvent('ball_potted', 'kolkhoz', 's-1');
    metrics.trackError(error, { ball: 8 });
    metrics.observe('aim_ms', 250, { cue: 'ash' });
    expect(calls).toEqual([
      ['trackPageLoad', '/game', 120],
      ['trackApiCall', '/api/games/5', 'GET', 30, 200],
      ['trackGameEvent', 'ball_potted', 'kolkhoz', 's-1'],
      ['trackError', error, { ball: 8 }],
      ['observe', 'aim_ms', 250, { cue: 'ash' }],
    ]);
  });

  it('never causes a render, whatever is recorded or started', () => {
    const { client } = fakeTelemetry();
    renders = 0;
    render(<Counted />);
    setStartedClient(client);
    rendered?.trackUserAction('cue_hit');
    rendered?.count('shots_total');
    expect(renders).toBe(1);
  });
});

describe('TelemetryProvider', () => {
  it('gives the tree below its client, outside of which the started one serves', () => {
    const inner = fakeTelemetry();
    const outer = fakeTelemetry();
    setStartedClient(outer.client);
    render(
      <>
        <Hit />
        <TelemetryProvider client={inner.client}>
          <Hit />
        </TelemetryProvider>
        <TelemetryProvider>
          <Hit />
        </TelemetryProvider>
      </>,
    );
    expect([outer.calls.length, inner.calls.length]).toEqual([2, 1]);
  });

  it('is what useTelemetry answers', () => {
    const { client } = fakeTelemetry();
    const { result } = renderHook(() => useTelemetry(), {
      wrapper: ({ children }) => <TelemetryProvider client={client}>{children}</TelemetryProvider>,
    });
    expect(result.current).toBe(client);
  });
});

describe('useErrorTracking', () => {
  it('answers the same object on every render, StrictMode included', () => {
    const { result, rerender } = renderHook(() => useErrorTracking(), { wrapper: StrictMode });
    const first = result.current;
    rerender();
    expect(result.current).toBe(first);
  });

  it("reports a game's error with the game's state, once for each error", () => {
    const { client, calls } = fakeTelemetry();
    setStartedClient(client);
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
    const { client, calls } = fakeTelemetry();
    setStartedClient(client);
    const { captureUserAction } = renderHook(() => useErrorTracking()).result.current;
    captureUserAction('join', 'error', { code: 'full' });
    captureUserAction('join', 'success');
    expect(calls).toEqual([
      ['trackUserAction', 'join', { code: 'full', outcome: 'error' }],
      ['trackUserAction', 'join', { outcome: 'success' }],
    ]);
  });
});
