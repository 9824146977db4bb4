import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { memo, StrictMode } from 'react';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Call, fakeTelemetry } from '../fixtures/fakeTelemetry';
import { setStartedClient } from './ambientTelemetry';
import { useTrackedAction } from './useTrackedAction';

let calls: readonly Call[] = [];

beforeEach(() => {
  const fake = fakeTelemetry();
  calls = fake.calls;
  setStartedClient(fake.client);
});
afterEach(() => {
  cleanup();
  setStartedClient(undefined);
});

let renders = 0;

const Button = memo(function Button({ onClick }: { readonly onClick: () => void }) {
  renders += 1;
  return (
    <button type="button" onClick={onClick}>
      hit
    </button>
  );
});

function Cue({ wood, action = 'cue_hit' }: { readonly wood: string; readonly action?: string }) {
  return <Button onClick={useTrackedAction(action, { wood })} />;
}

it('counts the action with the metadata of the last render, and renders no memoised child for it', () => {
  renders = 0;
  const { rerender } = render(<Cue wood="ash" />);
  fireEvent.click(screen.getByRole('button'));
  rerender(<Cue wood="oak" />);
  fireEvent.click(screen.getByRole('button'));
  expect(renders).toBe(1);
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
