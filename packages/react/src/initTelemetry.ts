import {
  apiCalls,
  createTelemetry,
  errors,
  type Integration,
  pageLoad,
  type Telemetry,
  type TelemetryOptions,
  webVitals,
} from '@artel/telemetry-core';
import type { SentryOptions } from '@artel/telemetry-sentry';
import { setStartedClient, startedClient } from './ambientTelemetry';
import { isEcho, muffleEchoes } from './react18Echoes';
import { awaitSentry, grantSentry, tellSentry } from './sentryLink';
import { warnOnce } from './warnOnce';

/** Core's options, and Sentry's for the apps that want it. */
export interface InitOptions extends TelemetryOptions {
  /**
   * Starts Sentry: loads `@artel/telemetry-sentry`, which the app installs together with `@sentry/react`, as a separate chunk
   * once the user has consented. `app`, `endpoint` and the user are those of the client, so `tunnel: true` sends to the
   * gateway's `/api/sentry`.
   */
  readonly sentry?: SentryOptions;
}

/** Keeps from an integration that watches for errors what React 18 in development lets the page hear too early. */
const deaf = ({ name, setup }: Integration): Integration => ({
  name,
  setup: (telemetry, environment, host) =>
    setup(
      {
        ...telemetry,
        trackError: (...all) => {
          if (!isEcho()) telemetry.trackError(...all);
        },
      },
      environment,
      host,
    ),
});

/**
 * Starts the page's client; call it once, before the first render. `integrations` left out means all four of core's:
 * web vitals, page load, API calls, errors; a Telegram Mini App names them and `telegram()`. A second call answers the first client; on a server nothing starts.
 * @throws TypeError that names the option when one is wrong.
 */
export function initTelemetry(options: InitOptions): Telemetry {
  const started = startedClient();
  if (started) {
    warnOnce('initTelemetry was called again: the first client goes on');
    return started;
  }
  const { sentry, ...rest } = options;
  let integrations = options.integrations ?? [webVitals(), pageLoad(), apiCalls(), errors()];
  if (__DEV__) integrations = integrations.map(deaf);
  const core = createTelemetry({
    ...rest,
    onUser(id) {
      tellSentry((to) => to.setSentryUser(id));
      rest.onUser?.(id);
    },
    integrations,
  });
  // One module serves all requests of a server: a client kept here would outlive them.
  if (typeof window === 'undefined') return core;
  const unmuffle = __DEV__ ? muffleEchoes() : undefined;

  const grant = () => {
    const { consent } = core.stats();
    if (!sentry) return;
    if (consent === 'pending') awaitSentry();
    else grantSentry({ app: options.app, endpoint: options.endpoint, ...sentry }, consent === 'granted');
  };
  const client: Telemetry = {
    ...core,
    setConsent(granted) {
      core.setConsent(granted);
      grant();
    },
    shutdown() {
      if (startedClient() === client) setStartedClient(undefined);
      unmuffle?.();
      tellSentry((to) => void to.closeSentry());
      return core.shutdown();
    },
  };
  grant();
  setStartedClient(client);
  return client;
}
