import { type AnyRouter, useRouterState } from '@tanstack/react-router';
import { usePageView } from './index';

/** `/game/$id` as `/game/:id`, `/files/$` as `/files/*`, `/{-$locale}/shop/` as `/:locale?/shop`. */
function templateOf(fullPath: string): string {
  const template = fullPath
    .replace(/\{-\$(\w+)\}/g, ':$1?')
    .replace(/\{?\$(\w+)\}?/g, ':$1')
    .replace(/\{?\$\}?/g, '*');
  return template.replace(/\/$/, '') || '/';
}

/** How a match says that the path goes on where no route is: by one name or another, as the versions went. */
const NOT_FOUND = ['_notFound', 'globalNotFound'];

type State = AnyRouter['state'];

/** Template and path of what is shown, which a navigation under way changes when it is done. */
function shownPage({ matches }: State): readonly [name?: string, path?: string] {
  const shown = matches.at(-1);
  if (!shown) return [];
  const isNowhere = matches.some((match) => NOT_FOUND.some((flag) => Reflect.get(match, flag)));
  return [isNowhere ? '/*' : templateOf(shown.fullPath), shown.pathname];
}

/**
 * Names the page by the template of the route that is shown, such as `/game/:id`, and counts a view of it whenever the
 * path changes; a change of nothing but the query or the fragment is no view. What no route matches is the page `/*`.
 *
 * For TanStack Router: to be called once, in the component of the root route.
 */
export function usePageViews(): void {
  const name = useRouterState<AnyRouter, string | undefined>({ select: (state) => shownPage(state)[0] });
  const path = useRouterState<AnyRouter, string | undefined>({ select: (state) => shownPage(state)[1] });
  usePageView(name, path);
}
