import {
  apiCalls,
  createTelemetry,
  errors,
  pageLoad,
  type Telemetry,
  type TelemetryOptions,
  webVitals,
} from '@artel/telemetry-core';
import type { SentryOptions } from '@artel/telemetry-sentry';
import { setStartedClient, startedClient } from './ambientTelemetry';
import { awaitSentry, grantSentry, tellSentry } from './sentryLink';
import { warnOnce } from './warnOnce';

/** Core's options, and Sentry's for the apps that want it. */
export interface InitOptions extends TelemetryOptions {
  /** Loads `@artel/telemetry-sentry` as a chunk of its own once consent is there. Its `app` is `app` of the whole. */
  readonly sentry?: SentryOptions;
}

/**
 * Starts the page's client; call it once, before the first render. `integrations` left out means all four of core's:
 * web vitals, page load, API calls, errors. A second call answers the first client; on a server nothing starts.
 * @throws TypeError that names the option when one is wrong.
 */
export function initTelemetry(options: InitOptions): Telemetry {
  const started = startedClient();
  if (started) {
    warnOnce('initTelemetry was called again: the first client goes on');
    return started;
  }
  const { sentry, ...rest } = options;
  const core = createTelemetry({
    ...rest,
    integrations: options.integrations ?? [webVitals(), pageLoad(), apiCalls(), errors()],
  });
  // One module serves all requests of a server: a client kept here would outlive them.
  if (typeof window === 'undefined') return core;

  const grant = () => {
    const { consent } = core.stats();
    if (!sentry) return;
    if (consent === 'pending') awaitSentry();
    else grantSentry({ app: options.app, ...sentry }, consent === 'granted');
  };
  const client: Telemetry = {
    ...core,
    setUser(id) {
      core.setUser(id);
      tellSentry((to) => to.setSentryUser(id));
    },
    setConsent(granted) {
      core.setConsent(granted);
      grant();
    },
    shutdown() {
      if (startedClient() === client) setStartedClient(undefined);
      tellSentry((to) => void to.closeSentry());
      return core.shutdown();
    },
  };
  grant();
  setStartedClient(client);
  return client;
}
