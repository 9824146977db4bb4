import {
  createTelemetry,
  defaultIntegrations,
  type Telemetry,
  type TelemetryOptions,
} from '@artel/telemetry-core';
import type { SentryOptions } from '@artel/telemetry-sentry';
import { currentClient, hasPage, setCurrentClient } from './ambientTelemetry';
import { isControlFlow } from './errors/controlFlow';
import { followConsent, tellSentry } from './errors/sentryLink';
import { warnOnce } from './warnOnce';

/** Options of `initTelemetry`: core's, and `sentry`. */
export interface InitOptions extends TelemetryOptions {
  /**
   * Starts Sentry: loads `@artel/telemetry-sentry`, which the app installs together with `@sentry/react`, as a separate chunk
   * once the user has consented. `app`, `endpoint` and the user are those of the client, so `tunnel: true` sends to the
   * gateway's `/api/sentry`. Default: no Sentry.
   */
  readonly sentry?: SentryOptions;
}

/**
 * Starts the page's client; call it once, before the first render. A second call returns the first client. On a server the
 * client does nothing. Default `integrations`: core's `defaultIntegrations()`.
 * @throws TypeError in a development build, naming the option that is wrong; in production the client then does nothing.
 */
export function initTelemetry(options: InitOptions): Telemetry {
  if (currentClient) {
    if (__DEV__) warnOnce('initTelemetry was called again: the first client stays');
    return currentClient;
  }
  const { app, endpoint, sentry } = options;
  const core = createTelemetry({
    ...options,
    integrations: options.integrations ?? defaultIntegrations(),
    // Next handles `redirect()` in an event handler by its own listeners on `window`, beside those of `errors()`.
    ignoreError: (error) => isControlFlow(error) || !!options.ignoreError?.(error),
    onUser(id) {
      tellSentry((to) => to.setSentryUser(id));
      options.onUser?.(id);
    },
  });
  if (!hasPage()) return core;

  const applyConsent = (given: boolean | 'pending') =>
    sentry && followConsent({ app, endpoint, ...sentry }, given);
  const client: Telemetry = {
    ...core,
    setConsent(granted) {
      core.setConsent(granted);
      applyConsent(granted);
    },
    shutdown() {
      if (currentClient === client) setCurrentClient(undefined);
      tellSentry((to) => void to.closeSentry());
      return core.shutdown();
    },
  };
  applyConsent(options.consent ?? true);
  setCurrentClient(client);
  return client;
}
