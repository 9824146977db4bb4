import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  notFound,
  Outlet,
  RouterProvider,
  redirect,
} from '@tanstack/react-router';
import { Fragment, StrictMode } from 'react';
import { createRoot, type Root as ReactRoot } from 'react-dom/client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { viewedPages } from '../fixtures/viewedPages';
import { setCurrentClient } from './ambientTelemetry';
import { ErrorBoundary } from './errors/ErrorBoundary';
import { reactErrorHandlers } from './errors/reactErrorHandlers';
import { useErrorReport } from './errors/useErrorTracking';
import { usePageViews } from './tanstackRouter';
import { createFakeTelemetry, type TelemetryCall } from './testing';

let calls: readonly TelemetryCall[] = [];
let root: ReactRoot | undefined;
let element: HTMLElement | undefined;

beforeEach(() => {
  const fake = createFakeTelemetry();
  calls = fake.calls;
  setCurrentClient(fake.client);
  vi.stubGlobal('scrollTo', () => {});
});
afterEach(() => {
  root?.unmount();
  setCurrentClient(undefined);
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const views = () => viewedPages(calls);

function Root() {
  usePageViews();
  return <Outlet />;
}

function Missing(): never {
  throw notFound();
}

function ErrorPage({ error }: { readonly error: unknown }) {
  useErrorReport(error);
  return <p>broken</p>;
}

const rootRoute = createRootRoute({ component: Root, notFoundComponent: () => <p>lost</p> });
const lobby = createRoute({ getParentRoute: () => rootRoute, path: '/' });
const game = createRoute({ getParentRoute: () => rootRoute, path: 'game/$id' });
const table = createRoute({ getParentRoute: () => game, path: '/', loader: () => Promise.resolve(1) });
const replay = createRoute({ getParentRoute: () => game, path: 'replay/{-$move}' });
const layout = createRoute({ getParentRoute: () => rootRoute, id: '_layout' });
const help = createRoute({ getParentRoute: () => layout, path: 'help/$' });
const old = createRoute({
  getParentRoute: () => rootRoute,
  path: 'old',
  beforeLoad: () => {
    throw redirect({ to: '/help/$', params: { _splat: 'rules' } });
  },
});
const missing = createRoute({
  getParentRoute: () => rootRoute,
  path: 'missing',
  notFoundComponent: () => <p>no such table</p>,
  component: () => (
    <ErrorBoundary>
      <Missing />
    </ErrorBoundary>
  ),
});
const broken = createRoute({
  getParentRoute: () => rootRoute,
  path: 'broken',
  errorComponent: ErrorPage,
  loader: () => {
    throw new Error('no table');
  },
});
const routeTree = rootRoute.addChildren([
  lobby,
  game.addChildren([table, replay]),
  layout.addChildren([help]),
  old,
  missing,
  broken,
]);

/** Outside of `act`, which holds back the render that a navigation waits for. */
async function open(path: string, Wrapper: typeof StrictMode | typeof Fragment = Fragment) {
  const history = createMemoryHistory({ initialEntries: [path] });
  const router = createRouter({ routeTree, history });
  element = document.createElement('div');
  root = createRoot(element, reactErrorHandlers());
  root.render(
    <Wrapper>
      <RouterProvider router={router} />
    </Wrapper>,
  );
  const settled = () =>
    vi.waitFor(() => {
      expect(router.state.status).toBe('idle');
      expect(router.state.resolvedLocation?.href).toBe(router.state.location.href);
      expect(views()).not.toEqual([]);
    });
  await settled();
  return async (to: string) => {
    const resolved = new Promise((resolve) => {
      const stop = router.subscribe('onResolved', () => resolve(stop()));
    });
    history.push(to);
    await resolved;
    await settled();
  };
}

it.each([
  ['as it is', Fragment],
  ['in StrictMode', StrictMode],
])('counts a view for each path, under the template of its route, %s', async (_, wrapper) => {
  const go = await open('/', wrapper);
  await go('/game/1');
  await go('/game/2');
  await go('/game/2/replay/7');
  await go('/help/rules/of/pool');
  await go('/nowhere/4711');
  await go('/');
  expect(views()).toEqual(['/', '/game/:id', '/game/:id', '/game/:id/replay/:move?', '/help/*', '/*', '/']);
  expect(JSON.stringify(calls)).not.toMatch(/game\/\d/);
});

it('counts no view for another query or fragment, nor for the same path again', async () => {
  const go = await open('/game/1');
  await go('/game/1?move=2');
  await go('/game/1?move=3#table');
  await go('/game/1');
  expect(views()).toEqual(['/game/:id']);
});

it('counts where a redirect leads, and nothing on the way', async () => {
  const go = await open('/');
  await go('/old');
  expect(views()).toEqual(['/', '/help/*']);
});

const reports = () => calls.filter(([verb]) => verb === 'trackError');

it('shows the not-found page for notFound() in a render, and counts no error', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  await open('/missing');
  await vi.waitFor(() => expect(element?.textContent).toBe('no such table'));
  expect(reports()).toEqual([]);
});

it('counts the error of a loader once, by the hook in the error component', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  await open('/broken', StrictMode);
  await vi.waitFor(() => expect(element?.textContent).toBe('broken'));
  expect(reports()).toHaveLength(1);
});
