import { type BrowserOptions, flush, getClient, setUser } from '@sentry/react';
import { allowReplay, stopReplay } from './startReplay';

type MakeTransport = NonNullable<BrowserOptions['transport']>;

let consented = true;

/** Wraps a transport so that it sends nothing without consent. What is captured meanwhile is lost. */
export function consentTransport(make: MakeTransport): MakeTransport {
  return (options) => {
    const inner = make(options);
    return {
      send: (envelope) => (consented ? inner.send(envelope) : Promise.resolve({})),
      flush: (timeout) => inner.flush(timeout),
    };
  };
}

/** `false` stops the replay and sends nothing from now on; `true` resumes both. */
export function setSentryConsent(granted: boolean): void {
  consented = granted;
  const client = getClient();
  if (client) client.getOptions().enabled = granted;
  if (granted) allowReplay();
  else stopReplay();
}

/**
 * Sets the player's pseudonym on later events. `undefined`, `null` and an empty string sign the player out; anything
 * else that is neither a string nor a number is ignored.
 */
export function setSentryUser(id: string | undefined): void {
  const given: unknown = id ?? '';
  if (given === '') setUser(null);
  else if (typeof given === 'string' || typeof given === 'number') setUser({ id: given });
}

/** Sends what is queued. Returns whether all of it was sent within `timeout` milliseconds. Never rejects. */
export async function flushSentry(timeout = 2_000): Promise<boolean> {
  try {
    return await flush(timeout);
  } catch {
    return false;
  }
}

/** Sends what is queued, then nothing more until `setSentryConsent(true)`. Never rejects. */
export async function closeSentry(): Promise<void> {
  await flushSentry();
  setSentryConsent(false);
}

/** The part of telegram-web-app.js that is used here. An old or a third-party version may lack it or throw. */
interface TelegramWindow {
  readonly Telegram?: {
    readonly WebApp?: { onEvent?(event: string, listener: () => void): void };
  };
}

/** The message that Telegram's web clients, and tma.js in every client, post when the Mini App is minimized. */
const MINIMIZED = /"visibility_changed".*"is_visible": ?false/;

/**
 * Flushes when the player switches to another chat. Sentry itself flushes when the document is hidden, but a minimized
 * Mini App may keep a visible document (Telegram's `deactivated`, Bot API 8.0).
 */
export function flushWhenDeactivated(): void {
  const onDeactivated = () => void flushSentry();
  let subscribed = false;
  const subscribe = () => {
    try {
      const { WebApp } = (window as TelegramWindow).Telegram ?? {};
      if (subscribed || !WebApp?.onEvent) return;
      subscribed = true;
      WebApp.onEvent('deactivated', onDeactivated);
    } catch {
      // `onEvent` threw. The messages below remain.
    }
  };
  subscribe();
  // Any script that loads later may be telegram-web-app.js.
  document.addEventListener('load', subscribe, true);
  window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (typeof data === 'string' && MINIMIZED.test(data)) onDeactivated();
  });
}
