import { act, cleanup, render } from '@testing-library/react';
import * as React from 'react';
import { Fragment, memo, StrictMode } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { viewedPages } from '../fixtures/viewedPages';
import { setCurrentClient } from './ambientTelemetry';
import { createFakeTelemetry, type TelemetryCall } from './testing';
import { usePageView } from './usePageView';

let calls: readonly TelemetryCall[] = [];

beforeEach(() => {
  const fake = createFakeTelemetry();
  calls = fake.calls;
  setCurrentClient(fake.client);
});
afterEach(() => {
  cleanup();
  setCurrentClient(undefined);
  vi.restoreAllMocks();
});

const views = () => calls.filter(([verb, action]) => verb === 'trackUserAction' && action === 'page_view');
const pages = () => calls.filter(([verb]) => verb === 'setPage').map(([, name]) => name);

const { Activity } = React;

function Page({ name }: { readonly name: string }) {
  usePageView(name);
  return null;
}

const MemoisedPage = memo(Page);

/** Two pages, of which one is shown. */
function Pages({
  shown,
  of: Shown = Page,
}: {
  readonly shown: string;
  readonly of?: typeof MemoisedPage | typeof Page;
}) {
  return ['/lobby', '/shop'].map((name) => (
    <Activity key={name} mode={name === shown ? 'visible' : 'hidden'}>
      <Shown name={name} />
    </Activity>
  ));
}

it('names the page first and counts one view of it', () => {
  render(<Page name="/table" />);
  expect(calls).toEqual([
    ['setPage', '/table'],
    ['trackUserAction', 'page_view'],
  ]);
});

it('counts no view for another render, and one for another name', () => {
  const { rerender } = render(<Page name="/table" />);
  rerender(<Page name="/table" />);
  expect(views()).toHaveLength(1);
  rerender(<Page name="/shop" />);
  rerender(<Page name="/table" />);
  expect(views()).toHaveLength(3);
  expect(pages().at(-1)).toBe('/table');
});

it('counts one view in StrictMode, which runs the effect twice, and names the page after it', () => {
  render(<Page name="/table" />, { wrapper: StrictMode });
  expect(pages().length).toBeGreaterThan(1);
  expect(pages().at(-1)).toBe('/table');
  expect(views()).toHaveLength(1);
});

it('counts a new view for a new mount', () => {
  const { unmount } = render(<Page name="/table" />);
  unmount();
  render(<Page name="/table" />);
  expect(views()).toHaveLength(2);
});

it('removes its name when it is unmounted', () => {
  render(<Page name="/table" />).unmount();
  expect(pages().at(-1)).toBeUndefined();
});

it('leaves the name of the next page', () => {
  const leaving = render(<Page name="/table" />);
  render(<Page name="/shop" />);
  leaving.unmount();
  expect(pages().at(-1)).toBe('/shop');
});

it('names the page for a client that starts after it', () => {
  setCurrentClient(undefined);
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  const late = createFakeTelemetry();
  render(<Page name="/late" />);
  setCurrentClient(late.client);
  expect(late.calls).toEqual([['setPage', '/late']]);
});

// New in React 19.
if ('Activity' in React) {
  const path = ['/lobby', '/shop', '/lobby', '/shop', '/lobby'];

  describe.each([
    ['', Fragment],
    [' in StrictMode', StrictMode],
  ])('an <Activity>%s', (_, wrapper) => {
    it('counts a view each time it shows a page again', () => {
      const { rerender } = render(<Pages shown="/lobby" />, { wrapper });
      for (const shown of path.slice(1)) rerender(<Pages shown={shown} />);
      expect(viewedPages(calls)).toEqual(path);
    });

    it('counts one view for each showing, whatever else is rendered', () => {
      const { rerender } = render(<Pages shown="/lobby" />, { wrapper });
      rerender(<Pages shown="/lobby" />);
      rerender(<Pages shown="/shop" />);
      rerender(<Pages shown="/shop" />);
      expect(viewedPages(calls)).toEqual(['/lobby', '/shop']);
    });

    it('counts a view of a memoised page too, which is not rendered when it is shown again', async () => {
      const { rerender } = render(<Pages shown="/lobby" of={MemoisedPage} />, { wrapper });
      for (const shown of path.slice(1)) {
        await act(async () => rerender(<Pages shown={shown} of={MemoisedPage} />));
      }
      expect(viewedPages(calls)).toEqual(path);
    });
  });
}
