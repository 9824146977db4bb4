import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { ErrorBoundary, useTelemetry } from './index';
import { createFakeTelemetry } from './testing';

afterEach(cleanup);

function Table({ isBroken = false }: { readonly isBroken?: boolean }) {
  const { trackUserAction, log, startSpan } = useTelemetry();
  if (isBroken) throw new Error('the cue broke');
  const onClick = () => {
    const span = startSpan('pot');
    trackUserAction('ball_clicked', { ball: 8 });
    log.info('potted');
    span.setAttribute('ball', 8).end();
  };
  return (
    <button type="button" onClick={onClick}>
      pot
    </button>
  );
}

it('records the calls of a component in their order, log lines and spans among them', () => {
  const { calls, wrapper } = createFakeTelemetry();
  render(<Table />, { wrapper });
  expect(calls).toEqual([]);
  fireEvent.click(screen.getByText('pot'));
  expect(calls).toEqual([
    ['startSpan', 'pot'],
    ['trackUserAction', 'ball_clicked', { ball: 8 }],
    ['log.info', 'potted'],
  ]);
});

it('receives what a boundary reports', () => {
  const { calls, wrapper } = createFakeTelemetry();
  render(
    <ErrorBoundary fallback={null}>
      <Table isBroken />
    </ErrorBoundary>,
    { wrapper },
  );
  expect(calls.map(([name]) => name)).toEqual(['trackError']);
});

it('returns what a client returns that sends nothing', async () => {
  const { client } = createFakeTelemetry();
  client.trackUserAction('hit');
  await client.flush();
  expect(client.stats().emitted).toBe(0);
});

it('gives each test a client of its own', () => {
  const one = createFakeTelemetry();
  createFakeTelemetry().client.count('shots_total');
  expect(one.calls).toEqual([]);
});
