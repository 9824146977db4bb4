import { type ReactElement, useContext } from 'react';
import {
  createRoutesFromElements,
  matchRoutes,
  type RouteObject,
  type RoutesProps,
  UNSAFE_DataRouterStateContext,
  UNSAFE_RouteContext,
  useLocation,
  useRoutes,
} from 'react-router';
import { usePageView } from './index';

// No public hook returns the paths of the matched routes, in any version: `useMatches` has ids, pathnames and parameters, from
// which `/game/:id/replay/:move?` cannot be restored. These two contexts are the same from 6.4 to 8.

interface Match {
  readonly pathname: string;
  readonly route: { readonly path?: string | undefined };
}

const NOT_FOUND: Match = { pathname: '', route: { path: '*' } };

/** Joins the paths of the routes: `/` and `game/:id` to `/game/:id`. */
function templateOf(matches: readonly Match[]): string {
  let template = '';
  for (const { route } of matches) {
    const { path } = route;
    if (!path) continue;
    // An absolute path includes those above it, except below a splat, where descendant routes start again.
    const isWhole = path.startsWith('/') && !template.endsWith('*');
    template = isWhole ? path : `${template.replace(/\/?\*?$/, '')}/${path.replace(/^\//, '')}`;
  }
  return template || '/';
}

/**
 * Sets the page to the template of the current route, such as `/game/:id`, and counts a view whenever the path changes, but
 * not when only the query or the fragment does. If no route matches, the page is `/*`.
 *
 * For React Router 6.4 to 8. Call it once: in the root route of a data router, or beside `<Routes>` or `useRoutes` with the
 * same `routes`. Without `routes`, outside a data router, the template ends at the route that calls.
 */
export function usePageViews(routes?: RouteObject[]): void {
  const { pathname } = useLocation();
  const above = useContext(UNSAFE_RouteContext).matches;
  const data = useContext(UNSAFE_DataRouterStateContext);
  let matches: readonly Match[] = data?.matches ?? above;
  if (routes) {
    const base = above.at(-1)?.pathnameBase ?? '/';
    const rest = base === '/' ? pathname : pathname.slice(base.length) || '/';
    matches = [...above, ...(matchRoutes(routes, rest) ?? [NOT_FOUND])];
  } else if (data && matches.every((match) => match.pathname === '')) {
    // If no route matches, a data router shows the error element of its root route.
    matches = [NOT_FOUND];
  }
  usePageView(templateOf(matches), pathname);
}

/** `<Routes>` that also calls `usePageViews`. */
export function TrackedRoutes({ children, location }: RoutesProps): ReactElement | null {
  const routes = createRoutesFromElements(children);
  usePageViews(routes);
  return useRoutes(routes, location);
}
