import type { Breadcrumb } from '@sentry/node';
import type { RequestContext } from '../logging/requestContext';

/** Breadcrumbs kept for one request at the most; the oldest go. */
const MOST = 50;

export interface Breadcrumbs {
  /** Keeps a breadcrumb for the request that runs; tells whether one does. */
  leave(crumb: Breadcrumb): boolean;
  /** The breadcrumbs of the request that runs, the oldest first; nothing outside of requests. */
  ofRequest(): readonly Breadcrumb[] | undefined;
}

/**
 * Keeps each request's breadcrumbs apart, on the context in which it runs anyway. Sentry's own way, a forked scope for every
 * request, costs each of them more than all the rest of this package does.
 */
export function createBreadcrumbs(context: () => RequestContext): Breadcrumbs {
  const left = new WeakMap<RequestContext, Breadcrumb[]>();
  return {
    leave(crumb) {
      const request = context();
      if (request.requestId === undefined) return false;
      const crumbs = left.get(request) ?? [];
      if (crumbs.length === 0) left.set(request, crumbs);
      crumbs.push(crumb);
      if (crumbs.length > MOST) crumbs.shift();
      return true;
    },
    ofRequest() {
      const request = context();
      return request.requestId === undefined ? undefined : (left.get(request) ?? []);
    },
  };
}
