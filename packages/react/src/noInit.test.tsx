import { cleanup, render } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type * as Index from './index';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});
beforeEach(() => {
  vi.resetModules();
});

/** An app that uses everything there is. */
function App({ react }: { readonly react: typeof Index }) {
  react.usePageView('/table');
  react.useMetrics().trackUserAction('hit');
  react.useErrorTracking().captureGameError(new Error('x'));
  react.useTelemetry().log.info('hello');
  return <p>{react.useTelemetry().stats().emitted}</p>;
}

async function showApp(): Promise<string> {
  const react = await import('./index');
  const { container } = render(
    <react.ErrorBoundary>
      <App react={react} />
    </react.ErrorBoundary>,
  );
  return container.innerHTML;
}

it('does nothing without initTelemetry and says so once in development', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  vi.stubGlobal('__DEV__', true);
  expect(await showApp()).toBe('<p>0</p>');
  expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('initTelemetry('));
});

it('says nothing in production', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  vi.stubGlobal('__DEV__', false);
  expect(await showApp()).toBe('<p>0</p>');
  expect(warn).not.toHaveBeenCalled();
});
