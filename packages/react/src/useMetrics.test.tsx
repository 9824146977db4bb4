import { cleanup, fireEvent, render, renderHook, screen } from '@testing-library/react';
import { memo, StrictMode } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { setCurrentClient } from './ambientTelemetry';
import { createFakeTelemetry, type TelemetryCall } from './testing';
import { type Metrics, useMetrics, useTrackedAction } from './useMetrics';

afterEach(() => {
  cleanup();
  setCurrentClient(undefined);
  vi.restoreAllMocks();
});

let renders = 0;
let rendered: Metrics | undefined;

const Counted = memo(function Counted() {
  renders += 1;
  rendered = useMetrics();
  return null;
});

let buttonRenders = 0;

const Button = memo(function Button({ onClick }: { readonly onClick: () => void }) {
  buttonRenders += 1;
  return (
    <button type="button" onClick={onClick}>
      hit
    </button>
  );
});

function Cue({ wood, action = 'cue_hit' }: { readonly wood: string; readonly action?: string }) {
  return <Button onClick={useTrackedAction(action, { wood })} />;
}

describe('useMetrics', () => {
  it('returns the same object with the same verbs on every render, in every component', () => {
    const one = renderHook(() => useMetrics());
    const { result, rerender } = renderHook(() => useMetrics());
    const first = result.current;
    const { trackUserAction } = first;
    rerender();
    expect(result.current).toBe(first);
    expect(result.current.trackUserAction).toBe(trackUserAction);
    expect(one.result.current).toBe(first);
  });

  it('stays the same when a client starts after the first render, and passes on what was recorded before', () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    const { result, rerender } = renderHook(() => useMetrics());
    const { trackUserAction, count } = result.current;
    const { client, calls } = createFakeTelemetry();
    trackUserAction('too_early');
    setCurrentClient(client);
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

  it('calls every method with its arguments', () => {
    const { client, calls } = createFakeTelemetry();
    setCurrentClient(client);
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
    const { client } = createFakeTelemetry();
    renders = 0;
    render(<Counted />);
    setCurrentClient(client);
    rendered?.trackUserAction('cue_hit');
    rendered?.count('shots_total');
    expect(renders).toBe(1);
  });
});

describe('useTrackedAction', () => {
  let calls: readonly TelemetryCall[] = [];

  beforeEach(() => {
    const fake = createFakeTelemetry();
    calls = fake.calls;
    setCurrentClient(fake.client);
  });

  it('counts the action with the metadata of the last render, and renders no memoised child for it', () => {
    buttonRenders = 0;
    const { rerender } = render(<Cue wood="ash" />);
    fireEvent.click(screen.getByRole('button'));
    rerender(<Cue wood="oak" />);
    fireEvent.click(screen.getByRole('button'));
    expect(buttonRenders).toBe(1);
    expect(calls).toEqual([
      ['trackUserAction', 'cue_hit', { wood: 'ash' }],
      ['trackUserAction', 'cue_hit', { wood: 'oak' }],
    ]);
    rerender(<Cue wood="oak" action="cue_chosen" />);
    fireEvent.click(screen.getByRole('button'));
    expect(calls.at(-1)).toEqual(['trackUserAction', 'cue_chosen', { wood: 'oak' }]);
  });

  it('counts nothing but what is called, once each, in StrictMode', () => {
    render(<Cue wood="ash" />, { wrapper: StrictMode });
    expect(calls).toEqual([]);
    fireEvent.click(screen.getByRole('button'));
    expect(calls).toHaveLength(1);
  });
});
