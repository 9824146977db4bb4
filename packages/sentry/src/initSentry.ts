import { getClient, init, setContext } from '@sentry/react';
import { flushWhenDeactivated } from './control';
import { appOf, buildMode, checkOptions, defaultRates, type SentryOptions } from './options';
import { SCRUBBER } from './scrubEvent';
import { sentryOptions } from './sentryOptions';
import { startReplay } from './startReplay';

function start(options: SentryOptions): ReturnType<typeof init> {
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

/**
 * Starts Sentry for a Telegram Mini App: traces sampled at 0.1, replays at 0.1 and with every error, masked and loaded
 * after the start; noise is filtered, and everything is scrubbed before it is sent. A second call (StrictMode, hot
 * reload) changes nothing. Returns the running client, or `undefined` if an option is wrong in a production build,
 * which one console error reports.
 * @throws TypeError that names the option, in a development build.
 */
export function initSentry(options: SentryOptions): ReturnType<typeof init> {
  try {
    return start(options);
  } catch (error) {
    // A variable that is missing in the production build must not leave the player a blank page.
    if (buildMode() !== 'production') throw error;
    // biome-ignore lint/suspicious/noConsole: the only way to tell the developer that Sentry does not run.
    console.error(`Sentry did not start: ${error}`);
    return undefined;
  }
}
