import { getClient, init, setContext } from '@sentry/react';
import { checkOptions } from './checkOptions';
import { flushWhenDeactivated } from './flushWhenDeactivated';
import { appOf, defaultRates, type SentryOptions } from './options';
import { SCRUB_REST } from './scrubRest';
import { sentryOptions } from './sentryOptions';
import { startReplay } from './startReplay';

/**
 * Starts Sentry for a Telegram Mini App: sampling of the seed (traces 0.1, replays 0.1 and 1.0 on error), masked replays
 * that load after the start, lost networks left out, and everything scrubbed before it leaves. A second call
 * (StrictMode, hot reload) changes nothing and answers the first client.
 * @throws TypeError that names the field when an option is wrong.
 */
export function initSentry(options: SentryOptions): ReturnType<typeof init> {
  checkOptions(options);
  const running = getClient();
  if (running?.getIntegrationByName(SCRUB_REST)) return running;
  const client = init(sentryOptions(options));
  const app = appOf(options);
  setContext('app', { ...app, platform: 'telegram-mini-app' });
  if (typeof document === 'undefined') return client;
  flushWhenDeactivated();
  const session = options.replaysSessionSampleRate ?? defaultRates.replaysSessionSampleRate;
  const onError = options.replaysOnErrorSampleRate ?? defaultRates.replaysOnErrorSampleRate;
  if (session > 0 || onError > 0) void startReplay(options.stripLaunchParams ?? true, options.replay);
  return client;
}
