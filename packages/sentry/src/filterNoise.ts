import type { Breadcrumb, ErrorEvent, EventHint } from '@sentry/react';

/**
 * The words of a request that found no network: the seed's, and those of Chromium, WebKit and Gecko, with the host that
 * Sentry may append. Whole, because `Failed to fetch dynamically imported module: …` is a broken deployment.
 */
const NO_NETWORK =
  /^(?:.*Network request failed.*|(?:Failed to fetch|Load failed|NetworkError when attempting to fetch resource\.?)(?: \([^)]*\))?)$/s;

/** Tells whether an event is a request that the player's network lost: nothing to mend in the app. */
export function isNetworkNoise(event: ErrorEvent, hint: EventHint): boolean {
  const error = hint.originalException;
  if (error instanceof Error) return error.name === 'TypeError' && NO_NETWORK.test(error.message);
  const thrown = event.exception?.values?.slice(-1)[0];
  return thrown?.type === 'TypeError' && NO_NETWORK.test(thrown.value ?? '');
}

/**
 * Tells whether a breadcrumb is telegram-web-app.js printing a bridge message: it writes each one to the console,
 * CloudStorage values, contacts and QR texts among them.
 */
export function isBridgeChatter(breadcrumb: Breadcrumb): boolean {
  if (breadcrumb.category !== 'console') return false;
  const args: unknown = breadcrumb.data?.arguments;
  const first: unknown = Array.isArray(args) ? args[0] : undefined;
  return [breadcrumb.message, first].some(
    (text) => typeof text === 'string' && /^\[Telegram\.Web/.test(text),
  );
}

/** Tells whether a breadcrumb is a request to one of `addresses`, given as parts of URLs. */
export function isOwnRequest(breadcrumb: Breadcrumb, addresses: readonly string[]): boolean {
  const url: unknown = breadcrumb.data?.url;
  return typeof url === 'string' && addresses.some((address) => url.includes(address));
}
