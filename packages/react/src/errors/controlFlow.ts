/** What frameworks throw to steer themselves, as far as it can be recognised without importing them. */
interface Thrown {
  /** Next and Server Components. */
  readonly digest?: unknown;
  /** TanStack Router: `notFound()`. https://tanstack.com/router/latest/docs/guide/not-found-errors */
  readonly isNotFound?: unknown;
  /** TanStack Router: `redirect()`, at first an object, later a Response with `options`. */
  readonly isRedirect?: unknown;
  readonly options?: unknown;
  readonly status?: unknown;
  /** React Router: what a loader threw with `data()` or as a Response. https://reactrouter.com/api/utils/isRouteErrorResponse */
  readonly internal?: unknown;
  /** React: a suspended component. https://react.dev/reference/react/Suspense */
  readonly then?: unknown;
}

/**
 * Digests of Next's `redirect()`, `notFound()`, `forbidden()`, `unauthorized()` and bailouts from prerendering, and of React
 * Router's redirects and responses in Server Components.
 * https://github.com/vercel/next.js/blob/canary/packages/next/src/client/components/unstable-rethrow.server.ts
 * https://github.com/remix-run/react-router/blob/main/packages/react-router/lib/errors.ts
 */
const DIGEST = /^(NEXT|BAILOUT|DYNAMIC_SERVER|HANGING|CLIENT_HOOK|REACT_ROUTER)_/;

/**
 * Returns whether a router or React threw this to steer itself, and no component failed. A Response counts as such if it is a
 * redirect, or if the page has React Router, whose error elements show it; elsewhere it means that a request failed.
 */
export function isControlFlow(thrown: unknown): boolean {
  try {
    const { digest, isNotFound, isRedirect, options, status, internal, then }: Thrown = Object(thrown);
    return !!(
      then ||
      isNotFound ||
      isRedirect ||
      (status &&
        (typeof internal === 'boolean' ||
          (String(thrown) === '[object Response]' && (options || '__reactRouterVersion' in globalThis)))) ||
      DIGEST.test(String(digest))
    );
  } catch {
    // Whatever cannot be read is an error.
    return false;
  }
}
