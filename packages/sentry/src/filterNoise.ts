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

/** Where a browser, or an extension that it hides from the page, runs its own scripts. */
const EXTENSION = /^(?:chrome|moz|safari|safari-web|ms-browser)-extension:\/\/|^webkit-masked-url:/;

/** What the app around a WebView says of scripts that it put into the page, or calls in it. */
const FOREIGN_WORDS: readonly RegExp[] = [
  // Telegram's clients on iOS and desktops call `TelegramGameProxy.receiveEvent` of any page, those on Android
  // `Telegram.WebView.receiveEvent`, also where telegram-web-app.js has not loaded yet, or never will.
  /^(?:Can't find variable: TelegramGameProxy|TelegramGameProxy is not defined)$/,
  /^undefined is not an object \(evaluating '(?:window\.)?(?:TelegramGameProxy\.receiveEvent|Telegram\.WebView(?:\.receiveEvent)?)'\)$/,
  /^Cannot read properties of undefined \(reading '(?:receiveEvent|WebView)'\)$/,
  // Scripts of in-app browsers on iOS, which talk to an app that this WebView is not in. Telegram's own use
  // `TelegramWebviewProxy`, so no Mini App's code has these words.
  /evaluating 'window\.webkit\.messageHandlers/,
  // The Android client has taken its bridge away while the page still runs: the end of the Mini App, not a fault in it.
  // Chromium's gin_java_bridge says this of each verb; Sentry itself leaves out what ends with "Java object is gone".
  /^Error invoking \w+: (?:Java object is gone|Java exception was raised during method invocation)/,
  /^Java bridge method invocation error$/,
  // telegram-web-app.js throws just this word for a verb that an old client does not know. There is nothing to mend in
  // the app but the client; the words for a verb that was given wrong arguments (`WebAppPopupParamInvalid`) stay.
  /^WebAppMethodUnsupported$/,
];

/**
 * Tells whether an event is of code that is not the app's: of a browser's extension, when all of its stack lies there (an
 * app's error that only passes through an extension's wrapper has the app's own frames), or one of the known complaints
 * about what was injected into the WebView.
 */
export function isForeignNoise(event: ErrorEvent): boolean {
  const thrown = event.exception?.values?.slice(-1)[0];
  if (!thrown) return false;
  const places = (thrown.stacktrace?.frames ?? []).flatMap(({ filename }) =>
    filename && filename !== '<anonymous>' && filename !== '[native code]' ? [filename] : [],
  );
  if (places.length > 0 && places.every((place) => EXTENSION.test(place))) return true;
  return FOREIGN_WORDS.some((words) => words.test(thrown.value ?? ''));
}

/** Tells whether a text is telegram-web-app.js printing a bridge message. */
export function isBridgeLine(text: unknown): boolean {
  return /^\[Telegram\.Web/.test(String(text));
}

/**
 * Tells whether a breadcrumb is telegram-web-app.js printing a bridge message: it writes each one to the console,
 * CloudStorage values, contacts and QR texts among them.
 */
export function isBridgeChatter({
  category,
  message,
  data,
}: Pick<Breadcrumb, 'category' | 'message' | 'data'>): boolean {
  if (category !== 'console') return false;
  const args: unknown = data?.arguments;
  return isBridgeLine(message) || (Array.isArray(args) && isBridgeLine(args[0]));
}

/** Tells whether a breadcrumb is a request to one of `addresses`, given as parts of URLs. */
export function isOwnRequest(breadcrumb: Breadcrumb, addresses: readonly string[]): boolean {
  const url: unknown = breadcrumb.data?.url;
  return typeof url === 'string' && addresses.some((address) => url.includes(address));
}
