import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  RouterProvider,
  redirect,
} from '@tanstack/react-router';
import { Fragment, StrictMode } from 'react';
import { createRoot, type Root as ReactRoot } from 'react-dom/client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Call, fakeTelemetry } from '../fixtures/fakeTelemetry';
import { setStartedClient } from './ambientTelemetry';
import { usePageViews } from './tanstackRouter';

let calls: readonly Call[] = [];
let root: ReactRoot | undefined;

beforeEach(() => {
  const fake = fakeTelemetry();
  calls = fake.calls;
  setStartedClient(fake.client);
  vi.stubGlobal('scrollTo', () => {});
});
afterEach(() => {
  root?.unmount();
  setStartedClient(undefined);
  vi.unstubAllGlobals();
});

/** The names of the pages at their views. */
function views(): unknown[] {
  let page: unknown;
  return calls.flatMap(([verb, value]) => {
    if (verb === 'setPage') page = value;
    return verb === 'trackUserAction' && value === 'page_view' ? [page] : [];
  });
}

function Root() {
  usePageViews();
  return <Outlet />;
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
const routeTree = rootRoute.addChildren([
  lobby,
  game.addChildren([table, replay]),
  layout.addChildren([help]),
  old,
]);

/** Outside of `act`, which holds back the render that a navigation waits for. */
async function open(path: string, Wrapper: typeof StrictMode | typeof Fragment = Fragment) {
  const history = createMemoryHistory({ initialEntries: [path] });
  const router = createRouter({ routeTree, history });
  root = createRoot(document.createElement('div'));
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
