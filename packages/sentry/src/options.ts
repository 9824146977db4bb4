import type { BrowserOptions } from '@sentry/react';

/** Name, version and environment of the app: the `app` context, the release and the environment of every event. */
export interface SentryApp {
  readonly name: string;
  readonly version?: string;
  readonly environment?: string;
}

/** CSS selectors for the replay, beside its own masks. */
export interface ReplaySelectors {
  /** Text that is masked inside of what `unmask` names. */
  readonly mask?: readonly string[];
  /** Text that may be read: scores, names of games, never those of players. */
  readonly unmask?: readonly string[];
  readonly block?: readonly string[];
  /** Pictures that may be seen: the table and the balls, never faces. */
  readonly unblock?: readonly string[];
  /** Fields whose input is not recorded, masked or not. */
  readonly ignore?: readonly string[];
}

/** What `initSentry` takes. Only `dsn` must be given. */
export interface SentryOptions {
  /** `https://<public key>@<host>/<project id>`, from the project's settings. */
  readonly dsn: string;
  /** Name of the app, or its name, version and environment. */
  readonly app?: string | SentryApp;
  /** Share of traces sent, 0 to 1. 0.1. */
  readonly tracesSampleRate?: number;
  /** Share of sessions recorded from their start, 0 to 1. 0.1. */
  readonly replaysSessionSampleRate?: number;
  /** Share of the other sessions whose last minute is sent with an error, 0 to 1. 1. */
  readonly replaysOnErrorSampleRate?: number;
  /** Runs before the filters and the scrubber, which have the last word. */
  readonly beforeSend?: NonNullable<BrowserOptions['beforeSend']>;
  /** Runs before the scrubber. */
  readonly beforeBreadcrumb?: NonNullable<BrowserOptions['beforeBreadcrumb']>;
  /** Runs before the scrubber. */
  readonly beforeSendSpan?: NonNullable<BrowserOptions['beforeSendSpan']>;
  /** Errors, by message, that are never sent. */
  readonly ignoreErrors?: NonNullable<BrowserOptions['ignoreErrors']>;
  /** Parts of URLs whose requests become neither breadcrumbs nor spans, such as the telemetry gateway's own. */
  readonly ignoreRequestsTo?: readonly string[];
  /** Requests that carry the trace on; same origin when left out. */
  readonly tracePropagationTargets?: NonNullable<BrowserOptions['tracePropagationTargets']>;
  /** Integrations beside Sentry's defaults, browser tracing and replay. */
  readonly integrations?: Exclude<NonNullable<BrowserOptions['integrations']>, (...all: never[]) => unknown>;
  /** The gateway's `POST /api/metrics`. `initTelemetry` fills it in. Requests to it are no breadcrumbs and no spans. */
  readonly endpoint?: string;
  /**
   * Address that takes Sentry's envelopes in place of the DSN's host. `true`: the gateway's `/api/sentry`, beside
   * `endpoint`, where the DSN has to be on the gateway's list.
   */
  readonly tunnel?: string | true;
  readonly replay?: ReplaySelectors;
  /** `name@version` of `app` when left out. */
  readonly release?: string;
  /** The app's environment, or `process.env.NODE_ENV`, when left out. */
  readonly environment?: string;
  /** Takes `tgWebApp…` out of the address before a replay starts: it records the address as it stands. `true`. */
  readonly stripLaunchParams?: boolean;
  /** Sentry's own transport when left out; tests give theirs. */
  readonly transport?: NonNullable<BrowserOptions['transport']>;
}

/** The seed's shares, each overridable. */
export const defaultRates = {
  tracesSampleRate: 0.1,
  replaysSessionSampleRate: 0.1,
  replaysOnErrorSampleRate: 1,
} as const;

/** The app as a record, whichever way it was given. */
export function appOf(options: SentryOptions): SentryApp | undefined {
  return typeof options.app === 'string' ? { name: options.app } : options.app;
}
