import { cleanup, render } from '@testing-library/react';
import { StrictMode } from 'react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Call, fakeTelemetry } from '../fixtures/fakeTelemetry';
import { setStartedClient } from './ambientTelemetry';
import { usePageView } from './usePageView';

let calls: readonly Call[] = [];

beforeEach(() => {
  const fake = fakeTelemetry();
  calls = fake.calls;
  setStartedClient(fake.client);
});
afterEach(() => {
  cleanup();
  setStartedClient(undefined);
  vi.restoreAllMocks();
});

const views = () => calls.filter(([verb, action]) => verb === 'trackUserAction' && action === 'page_view');
const pages = () => calls.filter(([verb]) => verb === 'setPage').map(([, name]) => name);

function Page({ name }: { readonly name: string }) {
  usePageView(name);
  return null;
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

it('takes its name back when it leaves', () => {
  render(<Page name="/table" />).unmount();
  expect(pages().at(-1)).toBeUndefined();
});

it("leaves a name that is no longer its own: the next page's", () => {
  const leaving = render(<Page name="/table" />);
  render(<Page name="/shop" />);
  leaving.unmount();
  expect(pages().at(-1)).toBe('/shop');
});

it('names the page for a client that starts after it', () => {
  setStartedClient(undefined);
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  const late = fakeTelemetry();
  render(<Page name="/late" />);
  setStartedClient(late.client);
  expect(late.calls).toEqual([['setPage', '/late']]);
});
