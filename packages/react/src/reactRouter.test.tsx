import { act, cleanup, render } from '@testing-library/react';
import { type ReactNode, StrictMode, version } from 'react';
import { createRoot, type Root as ReactRoot } from 'react-dom/client';
import {
  createMemoryRouter,
  MemoryRouter,
  type NavigateFunction,
  Outlet,
  Route,
  type RouteObject,
  RouterProvider,
  Routes,
  useNavigate,
  useRouteError,
} from 'react-router';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { viewedPages } from '../fixtures/viewedPages';
import { setCurrentClient } from './ambientTelemetry';
import { ErrorBoundary } from './errors/ErrorBoundary';
import { reactErrorHandlers } from './errors/reactErrorHandlers';
import { useErrorReport } from './errors/useErrorTracking';
import { TrackedRoutes, usePageViews } from './reactRouter';
import { createFakeTelemetry, type TelemetryCall } from './testing';

let calls: readonly TelemetryCall[] = [];

/** Node's Request refuses the AbortSignal of jsdom, which a data router gives to its loaders. */
class RequestOfPage extends Request {
  constructor(url: string, { signal, ...init }: RequestInit = {}) {
    super(url, init);
    Object.defineProperty(this, 'signal', { value: signal });
  }
}

beforeEach(() => {
  const fake = createFakeTelemetry();
  calls = fake.calls;
  setCurrentClient(fake.client);
  // Version 6 warns about the flags of version 7.
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  vi.stubGlobal('Request', RequestOfPage);
});
afterEach(() => {
  cleanup();
  setCurrentClient(undefined);
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const views = () => viewedPages(calls);

function Root() {
  usePageViews();
  return <Outlet />;
}

const dataRoutes: RouteObject[] = [
  {
    path: '/',
    element: <Root />,
    errorElement: <p>lost</p>,
    children: [
      { index: true, element: <p>lobby</p> },
      { path: 'game/:id', element: <p>game</p>, loader: () => Promise.resolve(null) },
      { element: <Outlet />, children: [{ path: 'game/:id/replay/:move?', element: <p>replay</p> }] },
      { path: '/shop/cues', element: <p>cues</p> },
      { path: 'old', loader: () => new Response(null, { status: 302, headers: { Location: '/shop/cues' } }) },
      { path: 'help/*', element: <p>help</p> },
    ],
  },
];

function openData(path: string, wrapper?: typeof StrictMode) {
  const router = createMemoryRouter(dataRoutes, { initialEntries: [path] });
  render(<RouterProvider router={router} />, wrapper ? { wrapper } : {});
  return (to: string) => act(() => router.navigate(to));
}

describe('in a data router, the root route', () => {
  it.each([
    ['as it is', undefined],
    ['in StrictMode', StrictMode],
  ])('counts a view for each path, under the template of its route, %s', async (_, wrapper) => {
    const go = openData('/', wrapper);
    await go('/game/1');
    await go('/game/2');
    await go('/game/2/replay/7');
    await go('/shop/cues');
    await go('/help/rules/of/pool');
    await go('/');
    expect(views()).toEqual([
      '/',
      '/game/:id',
      '/game/:id',
      '/game/:id/replay/:move?',
      '/shop/cues',
      '/help/*',
      '/',
    ]);
    expect(JSON.stringify(calls)).not.toMatch(/game\/\d/);
  });

  it('counts no view for another query or fragment, nor for the same path again', async () => {
    const go = openData('/game/1');
    await go('/game/1?move=2');
    await go('/game/1?move=3#table');
    await go('/game/1');
    expect(views()).toEqual(['/game/:id']);
  });

  it('counts where a redirect leads, and nothing on the way', async () => {
    const go = openData('/');
    await go('/old');
    expect(views()).toEqual(['/', '/shop/cues']);
  });
});

let navigate: NavigateFunction | undefined;

function Steering(): ReactNode {
  navigate = useNavigate();
  return null;
}

const go = (to: string) => act(async () => navigate?.(to));

function open(path: string, routes: ReactNode) {
  render(
    <MemoryRouter initialEntries={[path]} basename="/app">
      <Steering />
      {routes}
    </MemoryRouter>,
    { wrapper: StrictMode },
  );
}

function Leaf() {
  usePageViews();
  return null;
}

describe('beside component routes', () => {
  it('TrackedRoutes count a view for each path, under the template of its route', async () => {
    open(
      '/app/',
      <TrackedRoutes>
        <Route path="/" element={<Outlet />}>
          <Route index element={<p>lobby</p>} />
          <Route path="game/:id" element={<p>game</p>} />
        </Route>
      </TrackedRoutes>,
    );
    await go('/game/1');
    await go('/game/1?move=2');
    await go('/game/2');
    await go('/nowhere/4711');
    expect(views()).toEqual(['/', '/game/:id', '/game/:id', '/*']);
  });

  it('TrackedRoutes below a splat tell the whole template', async () => {
    open(
      '/app/club/9/tables/3',
      <Routes>
        <Route
          path="club/:club/*"
          element={
            <TrackedRoutes>
              <Route path="/tables/:table" element={<p>table</p>} />
              <Route path="*" element={<p>club</p>} />
            </TrackedRoutes>
          }
        />
      </Routes>,
    );
    await go('/club/9');
    expect(views()).toEqual(['/club/:club/tables/:table', '/club/:club/*']);
  });

  it('a page that asks by itself is named by the routes down to it', async () => {
    open(
      '/app/club/9/tables/3',
      <Routes>
        <Route
          path="club/:club/*"
          element={
            <Routes>
              <Route path="tables/:table" element={<Leaf />} />
            </Routes>
          }
        />
      </Routes>,
    );
    await go('/club/9/tables/4');
    expect(views()).toEqual(['/club/:club/tables/:table', '/club/:club/tables/:table']);
  });
});

function Thrower({ thrown }: { readonly thrown: unknown }): ReactNode {
  throw thrown;
}

function ErrorPage() {
  useErrorReport(useRouteError());
  return <p>of the app</p>;
}

describe('what a route throws', () => {
  const reports = () => calls.filter(([verb]) => verb === 'trackError').map(([, error]) => error);
  const broken = new Error('the cue broke');
  let root: ReactRoot | undefined;

  beforeEach(() => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    vi.stubGlobal('__reactRouterVersion', '6 to 8');
  });
  afterEach(() => {
    act(() => root?.unmount());
  });

  /** The app in an ErrorBoundary, in a root with our handlers; `errorElement` is the router's own boundary. */
  async function show(route: RouteObject, errorElement: ReactNode = <p>of the router</p>) {
    const router = createMemoryRouter([{ path: '/', errorElement, ...route }]);
    const element = document.createElement('div');
    const made = createRoot(element, reactErrorHandlers());
    root = made;
    await act(async () =>
      made.render(
        <ErrorBoundary fallback={<p>of ours</p>}>
          <RouterProvider router={router} />
        </ErrorBoundary>,
      ),
    );
    return element.textContent;
  }

  it('is counted once by the root handlers where the router catches it first, if React calls them', async () => {
    expect(await show({ element: <Thrower thrown={broken} /> })).toBe('of the router');
    // React 18 calls no root handler for an error that a boundary caught.
    expect(reports()).toEqual(version.startsWith('18.') ? [] : [broken]);
  });

  it('is counted once by the hook in the error element, in a render and in a loader', async () => {
    const rendered = new Error('in a render');
    expect(await show({ element: <Thrower thrown={rendered} /> }, <ErrorPage />)).toBe('of the app');
    expect(reports()).toEqual([rendered]);
    const loaded = new Error('in a loader');
    expect(await show({ loader: () => Promise.reject(loaded), element: null }, <ErrorPage />)).toBe(
      'of the app',
    );
    expect(reports()).toEqual([rendered, loaded]);
  });

  it('passes through our boundary and counts nothing where it is a Response', async () => {
    const page = (
      <ErrorBoundary>
        <Thrower thrown={new Response(null, { status: 404 })} />
      </ErrorBoundary>
    );
    expect(await show({ element: page })).toBe('of the router');
    expect(reports()).toEqual([]);
  });

  it('counts nothing where a loader throws a 404', async () => {
    const loader = () => {
      throw new Response(null, { status: 404 });
    };
    expect(await show({ loader, element: null }, <ErrorPage />)).toBe('of the app');
    expect(reports()).toEqual([]);
  });
});
