import { cleanup, render, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, type MockInstance, vi } from 'vitest';
import type * as Index from './index';
import { createFakeTelemetry } from './testing';

let react: typeof Index;
let warn: MockInstance;
let start: (client: Index.Telemetry | undefined) => void;

beforeEach(async () => {
  // Calls wait for the first client only, once in the life of the module.
  vi.resetModules();
  warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  react = await import('./index');
  start = (await import('./ambientTelemetry')).setCurrentClient;
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

function Page({ name }: { readonly name: string }) {
  react.usePageView(name);
  return null;
}

it('passes on page views from before initTelemetry, each under its name', () => {
  const { rerender } = render(<Page name="/start" />);
  rerender(<Page name="/lobby" />);
  const { client, calls } = createFakeTelemetry();
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
  const { client, calls } = createFakeTelemetry();
  start(client);
  expect(calls.map(([verb]) => verb)).toEqual(Array(100).fill('count'));
  expect(calls[0]).toEqual(['count', 'shots_total', { at: 0 }]);
});

it('passes them on once, and keeps nothing between one client and the next', () => {
  const { trackUserAction } = renderHook(() => react.useMetrics()).result.current;
  trackUserAction('early');
  const first = createFakeTelemetry();
  start(first.client);
  start(undefined);
  trackUserAction('between');
  const second = createFakeTelemetry();
  start(second.client);
  expect(first.calls).toEqual([['trackUserAction', 'early']]);
  expect(second.calls).toEqual([]);
});

/** An app that uses everything there is. */
function App({ react }: { readonly react: typeof Index }) {
  react.usePageView('/table');
  react.useMetrics().trackUserAction('hit');
  react.useErrorTracking().captureGameError(new Error('x'));
  react.useTelemetry().log.info('hello');
  return <p>{react.useTelemetry().stats().emitted}</p>;
}

async function showApp(module: string): Promise<string> {
  const built: typeof Index = await import(module);
  const { container } = render(
    <built.ErrorBoundary>
      <App react={built} />
    </built.ErrorBoundary>,
  );
  return container.innerHTML;
}

it('does nothing without initTelemetry and says so once in development', async () => {
  expect(await showApp('./index')).toBe('<p>0</p>');
  expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('initTelemetry('));
});

it('says nothing in the production build', async () => {
  expect(await showApp('../dist/index.js')).toBe('<p>0</p>');
  expect(warn).not.toHaveBeenCalled();
});
