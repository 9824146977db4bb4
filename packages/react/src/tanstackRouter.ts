import { type AnyRouter, useRouterState } from '@tanstack/react-router';
import { usePageView } from './index';

/** Turns `/game/$id` into `/game/:id`, `/files/$` into `/files/*`, `/{-$locale}/shop/` into `/:locale?/shop`. */
function templateOf(fullPath: string): string {
  const template = fullPath
    .replace(/\{-\$(\w+)\}/g, ':$1?')
    .replace(/\{?\$(\w+)\}?/g, ':$1')
    .replace(/\{?\$\}?/g, '*');
  return template.replace(/\/$/, '') || '/';
}

/** The flag of a match below which no route matches the rest of the path; its name depends on the version. */
const NOT_FOUND = ['_notFound', 'globalNotFound'];

type State = AnyRouter['state'];

/** Template and path of the current page; a pending navigation changes them when it ends. */
function shownPage({ matches }: State): readonly [name?: string, path?: string] {
  const shown = matches.at(-1);
  if (!shown) return [];
  const isNowhere = matches.some((match) => NOT_FOUND.some((flag) => Reflect.get(match, flag)));
  return [isNowhere ? '/*' : templateOf(shown.fullPath), shown.pathname];
}

/**
 * Sets the page to the template of the current route, such as `/game/:id`, and counts a view whenever the path changes, but
 * not when only the query or the fragment does. If no route matches, the page is `/*`.
 *
 * For TanStack Router. Call it once, in the component of the root route.
 */
export function usePageViews(): void {
  const name = useRouterState<AnyRouter, string | undefined>({ select: (state) => shownPage(state)[0] });
  const path = useRouterState<AnyRouter, string | undefined>({ select: (state) => shownPage(state)[1] });
  usePageView(name, path);
}
