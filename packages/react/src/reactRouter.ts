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

interface Match {
  readonly pathname: string;
  readonly route: { readonly path?: string | undefined };
}

const NOT_FOUND: Match = { pathname: '', route: { path: '*' } };

/** The routes' paths as one: `/` and `game/:id` as `/game/:id`. */
function templateOf(matches: readonly Match[]): string {
  let template = '';
  for (const { route } of matches) {
    const { path } = route;
    if (!path) continue;
    // A path from the root holds those above it, but not below a splat, where other routes begin anew.
    const isWhole = path.startsWith('/') && !template.endsWith('*');
    template = isWhole ? path : `${template.replace(/\/?\*?$/, '')}/${path.replace(/^\//, '')}`;
  }
  return template || '/';
}

/**
 * Names the page by the template of the route that is shown, such as `/game/:id`, and counts a view of it whenever the
 * path changes; a change of nothing but the query or the fragment is no view. What no route matches is the page `/*`.
 *
 * For React Router 6.4 and later: to be called once, in the root route of a data router, or beside `<Routes>` or
 * `useRoutes`, with the `routes` that are shown there. Without them, outside a data router, the template goes as far as
 * the route that calls.
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
    // A data router shows the error of its root route where none matches.
    matches = [NOT_FOUND];
  }
  usePageView(templateOf(matches), pathname);
}

/** `<Routes>` with `usePageViews` in it. */
export function TrackedRoutes({ children, location }: RoutesProps): ReactElement | null {
  const routes = createRoutesFromElements(children);
  usePageViews(routes);
  return useRoutes(routes, location);
}
