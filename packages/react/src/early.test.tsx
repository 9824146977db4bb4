import { cleanup, render, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { fakeTelemetry } from '../fixtures/fakeTelemetry';
import type * as Index from './index';

let react: typeof Index;
let start: (client: Index.Telemetry | undefined) => void;

beforeEach(async () => {
  // What comes before the first client waits once in the life of the module.
  vi.resetModules();
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  react = await import('./index');
  start = (await import('./ambientTelemetry')).setStartedClient;
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

function Page({ name }: { readonly name: string }) {
  react.usePageView(name);
  return null;
}

it('hands on views of pages from before initTelemetry, each under its name', () => {
  const { rerender } = render(<Page name="/start" />);
  rerender(<Page name="/lobby" />);
  const { client, calls } = fakeTelemetry();
  start(client);
  const named = calls.flatMap(([verb, value], at) =>
    verb === 'trackUserAction' && value === 'page_view' ? [calls[at - 1]] : [],
  );
  expect(named).toEqual([
    ['setPage', '/start'],
    ['setPage', '/lobby'],
  ]);
  expect(calls.filter(([verb]) => verb === 'setPage').at(-1)).toEqual(['setPage', '/lobby']);
});

it('keeps a hundred calls and no more', () => {
  const { count } = renderHook(() => react.useMetrics()).result.current;
  for (let at = 0; at < 150; at += 1) count('shots_total', { at });
  const { client, calls } = fakeTelemetry();
  start(client);
  expect(calls.map(([verb]) => verb)).toEqual(Array(100).fill('count'));
  expect(calls[0]).toEqual(['count', 'shots_total', { at: 0 }]);
});

it('hands them on once, and keeps nothing between one client and the next', () => {
  const { trackUserAction } = renderHook(() => react.useMetrics()).result.current;
  trackUserAction('early');
  const first = fakeTelemetry();
  start(first.client);
  start(undefined);
  trackUserAction('between');
  const second = fakeTelemetry();
  start(second.client);
  expect(first.calls).toEqual([['trackUserAction', 'early']]);
  expect(second.calls).toEqual([]);
});
