import { getClient, init, setContext } from '@sentry/react';
import { flushWhenDeactivated } from './control';
import { appOf, checkOptions, defaultRates, type SentryOptions } from './options';
import { SCRUBBER } from './scrubEvent';
import { sentryOptions } from './sentryOptions';
import { startReplay } from './startReplay';

/**
 * Starts Sentry for a Telegram Mini App: traces sampled at 0.1, replays at 0.1 and with every error, masked and loaded
 * after the start; noise is filtered, and everything is scrubbed before it is sent. A second call (StrictMode, hot
 * reload) changes nothing. Returns the running client.
 * @throws TypeError that names the option that is wrong.
 */
export function initSentry(options: SentryOptions): ReturnType<typeof init> {
  checkOptions(options);
  const running = getClient();
  if (running?.getIntegrationByName(SCRUBBER)) return running;
  const client = init(sentryOptions(options));
  setContext('app', { ...appOf(options), platform: 'telegram-mini-app' });
  if (typeof document === 'undefined') return client;
  flushWhenDeactivated();
  const session = options.replaysSessionSampleRate ?? defaultRates.replaysSessionSampleRate;
  const onError = options.replaysOnErrorSampleRate ?? defaultRates.replaysOnErrorSampleRate;
  if (session > 0 || onError > 0) void startReplay(options.stripLaunchParams ?? true, options.replay);
  return client;
}
