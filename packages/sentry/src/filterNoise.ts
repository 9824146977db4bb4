import type { Breadcrumb, ErrorEvent, EventHint } from '@sentry/react';

/**
 * Messages of a request that failed without a network: React Native's, and those of Chromium, WebKit and Gecko, with the
 * host that Sentry may append. They match as a whole, since `Failed to fetch dynamically imported module: ...` is a
 * broken deployment.
 */
const NO_NETWORK =
  /^(?:.*Network request failed.*|(?:Failed to fetch|Load failed|NetworkError when attempting to fetch resource\.?)(?: \([^)]*\))?)$/s;

/** Returns whether an event is a request that failed without a network: there is nothing to fix in the app. */
export function isNetworkNoise(event: ErrorEvent, hint: EventHint): boolean {
  const error = hint.originalException;
  if (error instanceof Error) return error.name === 'TypeError' && NO_NETWORK.test(error.message);
  const exception = event.exception?.values?.slice(-1)[0];
  return exception?.type === 'TypeError' && NO_NETWORK.test(exception.value ?? '');
}

/** URLs of the scripts of browser extensions, and of those that WebKit hides from the page. */
const EXTENSION = /^(?:chrome|moz|safari|safari-web|ms-browser)-extension:\/\/|^webkit-masked-url:/;

/** Messages of errors in scripts that Telegram's clients and other apps inject into a WebView. */
const INJECTED_CODE: readonly RegExp[] = [
  // Telegram's clients for iOS and desktops call `TelegramGameProxy.receiveEvent` of any page, those for Android
  // `Telegram.WebView.receiveEvent`, even if telegram-web-app.js has not loaded yet or never will.
  /^(?:Can't find variable: TelegramGameProxy|TelegramGameProxy is not defined)$/,
  /^undefined is not an object \(evaluating '(?:window\.)?(?:TelegramGameProxy\.receiveEvent|Telegram\.WebView(?:\.receiveEvent)?)'\)$/,
  /^Cannot read properties of undefined \(reading '(?:receiveEvent|WebView)'\)$/,
  // Scripts of in-app browsers on iOS that call the native side of another app. Telegram's own use
  // `TelegramWebviewProxy`, so no Mini App's code produces this message.
  /evaluating 'window\.webkit\.messageHandlers/,
  // The Android client has removed its bridge while the page still runs: the Mini App was closed. Chromium's
  // gin_java_bridge says this of each method; Sentry itself drops what ends with "Java object is gone".
  /^Error invoking \w+: (?:Java object is gone|Java exception was raised during method invocation)/,
  /^Java bridge method invocation error$/,
  // telegram-web-app.js throws exactly this for a method that an old client does not support. Only an update of the
  // client fixes that. The messages about wrong arguments (`WebAppPopupParamInvalid`) are kept.
  /^WebAppMethodUnsupported$/,
];

/**
 * Returns whether an event comes from code that is not the app's: its whole stack lies in a browser extension (an error
 * of the app that passes through an extension's wrapper has frames of the app too), or its message is one of those that
 * injected code is known for.
 */
export function isInjectedCode(event: ErrorEvent): boolean {
  const exception = event.exception?.values?.slice(-1)[0];
  if (!exception) return false;
  const files = (exception.stacktrace?.frames ?? []).flatMap(({ filename }) =>
    filename && filename !== '<anonymous>' && filename !== '[native code]' ? [filename] : [],
  );
  if (files.length > 0 && files.every((file) => EXTENSION.test(file))) return true;
  return INJECTED_CODE.some((message) => message.test(exception.value ?? ''));
}

/** Returns whether a text, which may be a `String` object of Sentry's, is a bridge message of telegram-web-app.js. */
export function isBridgeMessage(text: unknown): boolean {
  return (typeof text === 'string' || text instanceof String) && /^\[Telegram\.Web/.test(`${text}`);
}

/**
 * Returns whether a breadcrumb is a bridge message: telegram-web-app.js prints each one to the console, with values from
 * CloudStorage, contacts and QR codes.
 */
export function isBridgeBreadcrumb({
  category,
  message,
  data,
}: Pick<Breadcrumb, 'category' | 'message' | 'data'>): boolean {
  if (category !== 'console') return false;
  const args: unknown = data?.arguments;
  return isBridgeMessage(message) || (Array.isArray(args) && isBridgeMessage(args[0]));
}

/** Returns whether a request's URL contains one of `parts`. */
export function isIgnoredRequest(url: unknown, parts: readonly string[]): boolean {
  return typeof url === 'string' && parts.some((part) => url.includes(part));
}
