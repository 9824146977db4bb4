export type Route =
  | { readonly page: 'lobby' }
  | { readonly page: 'game'; readonly id: string }
  | { readonly page: 'history' }
  | { readonly page: 'settings' }
  | { readonly page: 'privacy' }
  | { readonly page: 'broken' }
  | { readonly page: 'api-lab' }
  | { readonly page: 'missing' };

/** Which page a path names. A closing slash does not matter. */
export function matchRoute(pathname: string): Route {
  const path = pathname.replace(/\/+$/, '') || '/';
  const game = /^\/game\/([\w-]{1,64})$/.exec(path);
  if (game?.[1] !== undefined) return { page: 'game', id: game[1] };
  if (path === '/') return { page: 'lobby' };
  if (path === '/history') return { page: 'history' };
  if (path === '/settings') return { page: 'settings' };
  if (path === '/privacy') return { page: 'privacy' };
  if (path === '/broken') return { page: 'broken' };
  if (path === '/api-lab') return { page: 'api-lab' };
  return { page: 'missing' };
}

/** Name under which telemetry knows a page: its path as a template, so that `/game/42` and `/game/43` are one. */
export function pageName({ page }: Route): string {
  if (page === 'lobby') return '/';
  if (page === 'game') return '/game/:id';
  return `/${page}`;
}
