import { notFound, redirect as redirectOfTanStack } from '@tanstack/react-router';
import { redirect, UNSAFE_ErrorResponseImpl } from 'react-router';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { isControlFlow } from './controlFlow';

afterEach(() => {
  vi.unstubAllGlobals();
});

const withDigest = (digest: unknown) => Object.assign(new Error('x'), { digest });

describe('is control flow', () => {
  it.each([
    ['redirect() of Next', withDigest('NEXT_REDIRECT;replace;/login;307;')],
    ['notFound() of Next', withDigest('NEXT_HTTP_ERROR_FALLBACK;404')],
    ['notFound() of Next 14', withDigest('NEXT_NOT_FOUND')],
    ['forbidden() of Next', withDigest('NEXT_HTTP_ERROR_FALLBACK;403')],
    ['unauthorized() of Next', withDigest('NEXT_HTTP_ERROR_FALLBACK;401')],
    ['an interrupted prerender of Next', withDigest('NEXT_PRERENDER_INTERRUPTED')],
    ['dynamic() without server rendering', withDigest('BAILOUT_TO_CLIENT_SIDE_RENDERING')],
    ['cookies() of Next in a static page', withDigest('DYNAMIC_SERVER_USAGE')],
    ['a promise of Next that outlives the prerender', withDigest('HANGING_PROMISE_REJECTION')],
    ['useSearchParams() of Next while it prerenders', withDigest('CLIENT_HOOK_DYNAMIC')],
    ['redirect() of React Router in a Server Component', withDigest('REACT_ROUTER_ERROR:REDIRECT:{}')],
    ['notFound() of TanStack Router', notFound()],
    ['redirect() of TanStack Router', redirectOfTanStack({ to: '/login' })],
    ['redirect() of an earlier TanStack Router', { to: '/login', isRedirect: true }],
    ['data() of React Router, thrown by a loader', new UNSAFE_ErrorResponseImpl(404, 'Not Found', null)],
    ['a suspended promise', Promise.resolve()],
  ])('%s', (_, thrown) => {
    expect(isControlFlow(thrown)).toBe(true);
  });

  it('a Response on a page with React Router', () => {
    vi.stubGlobal('__reactRouterVersion', '8');
    expect(isControlFlow(redirect('/login'))).toBe(true);
    expect(isControlFlow(new Response(null, { status: 404 }))).toBe(true);
  });
});

describe('is an error', () => {
  const hostile = new Proxy(
    {},
    {
      get() {
        throw new Error('not readable');
      },
    },
  );
  it.each([
    ['an Error', new Error('x')],
    ['an Error with the digest of a server component', withDigest('3894729101')],
    ['an Error with a digest that is no text', withDigest(42)],
    ['an Error with the status of an HTTP client', Object.assign(new Error('x'), { status: 500 })],
    ['a text', 'NEXT_REDIRECT'],
    ['nothing', undefined],
    ['null', null],
    ['an object without prototype', Object.create(null)],
    ['an object that cannot be read', hostile],
  ])('%s', (_, thrown) => {
    expect(isControlFlow(thrown)).toBe(false);
  });

  it('a Response on a page without React Router, where nothing would show it', () => {
    vi.stubGlobal('__reactRouterVersion', undefined);
    Reflect.deleteProperty(globalThis, '__reactRouterVersion');
    expect(isControlFlow(new Response(null, { status: 500 }))).toBe(false);
  });
});
