import type { BrowserOptions } from '@sentry/react';

/** The app's name, version and environment: the `app` context, the release and the environment of every event. */
export interface SentryApp {
  readonly name: string;
  readonly version?: string;
  readonly environment?: string;
}

/** CSS selectors for the replay, in addition to its own. */
export interface ReplaySelectors {
  /** Text that is masked inside what `unmask` selects. */
  readonly mask?: readonly string[];
  /** Text that is recorded: scores and names of games, never those of players. */
  readonly unmask?: readonly string[];
  /** Elements that are left out. */
  readonly block?: readonly string[];
  /** Pictures that are recorded: the table and the balls, never faces. */
  readonly unblock?: readonly string[];
  /** Input fields whose changes are not recorded, not even masked. */
  readonly ignore?: readonly string[];
}

/** Options of `initSentry`. Only `dsn` is required. */
export interface SentryOptions {
  /** `https://<public key>@<host>/<project id>`, from the project's settings in Sentry. */
  readonly dsn: string;
  /** Name of the app, or its name, version and environment. */
  readonly app?: string | SentryApp;
  /** Share of traces that are sent, 0 to 1. Default 0.1. */
  readonly tracesSampleRate?: number;
  /** Share of sessions that are recorded from their start, 0 to 1. Default 0.1. */
  readonly replaysSessionSampleRate?: number;
  /** Share of the other sessions whose last minute is sent with an error, 0 to 1. Default 1. */
  readonly replaysOnErrorSampleRate?: number;
  /** Runs before the filters and the scrubber. */
  readonly beforeSend?: NonNullable<BrowserOptions['beforeSend']>;
  /** Runs before the filters and the scrubber. */
  readonly beforeBreadcrumb?: NonNullable<BrowserOptions['beforeBreadcrumb']>;
  /** Runs before the scrubber. */
  readonly beforeSendSpan?: NonNullable<BrowserOptions['beforeSendSpan']>;
  /** Errors that are never sent, by message. */
  readonly ignoreErrors?: NonNullable<BrowserOptions['ignoreErrors']>;
  /** Parts of URLs whose requests become neither breadcrumbs nor spans. */
  readonly ignoreRequestsTo?: readonly string[];
  /** Requests that carry trace headers. Default: those to the same origin. */
  readonly tracePropagationTargets?: NonNullable<BrowserOptions['tracePropagationTargets']>;
  /** Integrations in addition to Sentry's defaults, browser tracing and replay. */
  readonly integrations?: Exclude<NonNullable<BrowserOptions['integrations']>, (...all: never[]) => unknown>;
  /**
   * URL of the gateway's `POST /api/metrics`, relative to the page at the start. Requests to it become neither
   * breadcrumbs nor spans. `initTelemetry` sets it.
   */
  readonly endpoint?: string;
  /**
   * URL that receives Sentry's envelopes instead of the DSN's host, relative to the page at the start. `true` stands for
   * the gateway's `/api/sentry`, beside `endpoint`; the gateway must list the DSN.
   */
  readonly tunnel?: string | true;
  /** What the replay masks, blocks and shows. */
  readonly replay?: ReplaySelectors;
  /** Release of the app. Default: `name@version` of `app`. */
  readonly release?: string;
  /** Environment of the app. Default: that of `app`, or `process.env.NODE_ENV`. */
  readonly environment?: string;
  /** Removes `tgWebApp...` from the page's address before a replay starts, which records the address. Default `true`. */
  readonly stripLaunchParams?: boolean;
  /** Makes the transport. Default: Sentry's own. */
  readonly transport?: NonNullable<BrowserOptions['transport']>;
}

/** Default sampling rates. */
export const defaultRates = {
  tracesSampleRate: 0.1,
  replaysSessionSampleRate: 0.1,
  replaysOnErrorSampleRate: 1,
} as const;

/** Replaced by the app's bundler; a page without a bundler has no `process`. */
declare const process: { readonly env: { readonly NODE_ENV?: string } };

/** Returns `NODE_ENV` of the app's build, `production` if it is unknown. */
export function buildMode(): string {
  try {
    return process.env.NODE_ENV ?? 'production';
  } catch {
    return 'production';
  }
}

/** Returns the app as an object. */
export function appOf(options: SentryOptions): SentryApp | undefined {
  return typeof options.app === 'string' ? { name: options.app } : options.app;
}

/** The shape that Sentry's own parser accepts, without a file or a query after the project. */
const DSN = /^https?:\/\/\w+(?::\w*)?@(?:\[[\w:.%]+\]|[\w.-]+)(?::\d+)?\/(?:[^?#]*\/)?\d+$/;

function refuse(field: string, value: unknown, expected: string): never {
  const shown = typeof value === 'string' ? JSON.stringify(value.slice(0, 80)) : String(value);
  throw new TypeError(`initSentry: "${field}" is ${shown}, expected ${expected}`);
}

/** Throws a TypeError that names the first wrong option. */
export function checkOptions(options: SentryOptions): void {
  if (typeof options !== 'object' || options === null) refuse('options', options, 'an object such as {dsn}');
  if (typeof options.dsn !== 'string' || !DSN.test(options.dsn)) {
    refuse('dsn', options.dsn, 'a URL such as "https://<public key>@<host>/<project id>"');
  }
  for (const field of Object.keys(defaultRates)) {
    const rate: unknown = Reflect.get(options, field);
    if (rate === undefined) continue;
    if (typeof rate !== 'number' || !(rate >= 0 && rate <= 1)) refuse(field, rate, 'a number from 0 to 1');
  }
  for (const field of ['beforeSend', 'beforeBreadcrumb', 'beforeSendSpan', 'transport'] as const) {
    const hook = options[field];
    if (hook !== undefined && typeof hook !== 'function') refuse(field, hook, 'a function');
  }
  const app: unknown = options.app;
  const name: unknown = typeof app === 'object' && app !== null ? Reflect.get(app, 'name') : app;
  if (app !== undefined && (typeof name !== 'string' || name === '')) {
    refuse('app', name, 'a name, or an object with a name');
  }
}
