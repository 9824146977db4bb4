import type { AppInfo, Fields } from '@artel/telemetry-protocol';
import type { Environment } from './page/environment';

/** Extra facts about an event. They go to the event's log line, never into a series. */
export type Metadata = Readonly<Record<string, unknown>>;

/** A span in progress. */
export interface Span {
  /** 32 lower-case hex digits. https://www.w3.org/TR/trace-context/#trace-id */
  readonly traceId: string;
  /** 16 lower-case hex digits. */
  readonly spanId: string;
  /** Value of the W3C `traceparent` header that makes a server's span a child of this one; its flag says whether the session is sampled. */
  readonly traceparent: string;
  /** Adds an attribute, scrubbed and truncated like the field of a log line. Returns the span. */
  setAttribute(name: string, value: unknown): Span;
  /** Ends the span; only the first call has an effect. */
  end(status?: 'ok' | 'error'): void;
}

/** Log lines at four levels; `fields` are flattened, scrubbed and truncated. */
export interface Logger {
  /** Details that only a developer needs. */
  debug(message: string, fields?: Metadata): void;
  /** Normal operation. */
  info(message: string, fields?: Metadata): void;
  /** Something unexpected that did no harm. */
  warn(message: string, fields?: Metadata): void;
  /** A failure. */
  error(message: string, fields?: Metadata): void;
}

/** The accounts of one page: `emitted = acknowledged + pending + sum of dropped`, at every moment, in whole events. */
export interface Stats {
  /** Events recorded by this page or adopted from earlier ones. */
  readonly emitted: number;
  /** Events that the gateway has acknowledged. */
  readonly acknowledged: number;
  /** Events in the open window and in the outbox. */
  readonly pending: number;
  /** Events dropped, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
  /** Events that earlier pages left on the device and this page took over; included in `emitted`. */
  readonly adopted: number;
  /** Batches and bytes that wait for the gateway. */
  readonly outbox: { readonly batches: number; readonly bytes: number };
  /** Where the outbox is kept: `localstorage` while IndexedDB does not work, `memory` when neither does. */
  readonly storage: 'indexeddb' | 'localstorage' | 'memory';
  readonly consent: 'granted' | 'pending' | 'denied';
  /** Whether this session is in the sample of `sampleRate`. */
  readonly sampled: boolean;
  /** Why the last attempt to send failed; absent once an attempt succeeds. */
  readonly lastError?: string;
}

/** The client. No method throws or blocks, whatever it is given. */
export interface Telemetry {
  /** Counts `user_action_total{action,page}`; metadata goes to one log line. */
  trackUserAction(action: string, metadata?: Metadata): void;
  /** Observes `page_load_duration_ms{page}`; `ms` in milliseconds. */
  trackPageLoad(page: string, ms: number): void;
  /** Observes `api_request_duration_ms{endpoint,method,status_code}`; the endpoint becomes a template such as `/sessions/:id`. */
  trackApiCall(endpoint: string, method: string, ms: number, status: number | string): void;
  /** Counts `game_event_total{event_type,game_type}`; the session id goes to the event's log line. */
  trackGameEvent(eventType: string, gameType: string, sessionId: string): void;
  /** Counts `frontend_error_total{error_type,page}`, once per error object; message, stack, causes and context go to its log line. */
  trackError(error: unknown, context?: Metadata): void;
  /** Adds `n` (1) to a counter, such as `shots_total`. */
  count(name: string, labels?: Metadata, n?: number): void;
  /** Adds one observation to a histogram. */
  observe(name: string, value: number, labels?: Metadata): void;
  readonly log: Logger;
  /** Starts a span with a trace of its own. It is sent when it ends. */
  startSpan(name: string, attributes?: Metadata): Span;
  /** Sets the pseudonym of the player for later events; `undefined`, `null` and `''` sign out. Other types are refused. */
  setUser(id: string | number | null | undefined): void;
  /** Sets the `page` label; without it, the path of the address as a template. */
  setPage(name: string | undefined): void;
  /** `false` stops, erases what is stored and sends nothing; `true` starts. */
  setConsent(granted: boolean): void;
  /** Seals the window and sends; resolves when everything is acknowledged or an attempt has failed. Never rejects. */
  flush(): Promise<void>;
  /**
   * Saves everything, sends for at most 300 ms, and closes the Mini App, if this is one. Never rejects; what was not
   * delivered is sent by the next page.
   */
  flushAndClose(): Promise<void>;
  /** A snapshot of the accounts. */
  stats(): Stats;
  /** Saves and flushes, removes every patch and listener, and stops for good. Never rejects. */
  shutdown(): Promise<void>;
}

/** A session token as `POST /api/session` returns it. */
export interface SessionToken {
  readonly token: string;
  /** Unix time in ms; a new token is requested a minute before. Without it, after a 401. */
  readonly expiresAt?: number;
  /** Pseudonym of the player, who becomes the user unless `setUser` was called. */
  readonly subject?: string;
}

/** Returns the session token for the next batches, or `undefined` for none: they are anonymous then. */
export type AskToken = () => Promise<string | SessionToken | undefined>;

/** What an integration is given. */
export interface IntegrationHost {
  readonly telemetry: Telemetry;
  readonly environment: Environment;
  /** Name of the app. */
  readonly app: string;
  /** Absolute URL of `POST /api/metrics`. */
  readonly endpoint: string;
  readonly key: string | undefined;
  /** The page's own `fetch`, from before any integration patched it. */
  readonly fetch: Environment['fetch'];
  /** Returns the name of the page at this moment, as the `page` label has it. */
  readonly page: () => string;
}

/** What an integration adds to the client. Each part is optional. */
export interface Contribution {
  /** Removes every patch and listener. */
  readonly stop?: () => void;
  /** Provides a session token where the app has no `token` of its own. */
  readonly token?: AskToken;
  /** Returns few and short facts for every log line and span; `platform` is also a label of the web vitals. */
  readonly context?: () => Fields;
  /** Called before a hiding page's window is sealed: the last moment to record. */
  readonly beforeHide?: () => void;
  /** Receives each event of Telegram's bridge, such as `viewport_changed`, and its data. */
  readonly onTelegramEvent?: (event: string, data: TelegramEventData) => void;
  /** Closes the Mini App where telegram-web-app.js is missing. */
  readonly close?: () => void;
}

/** The fields of Telegram's events that the client reads; each event has some of them. */
export interface TelegramEventData {
  /** Of `visibility_changed`. */
  readonly is_visible?: unknown;
  /** Of `fullscreen_changed`. */
  readonly is_fullscreen?: unknown;
  /** Of `viewport_changed`: px, and whether the height is final. */
  readonly height?: number | undefined;
  readonly is_state_stable?: unknown;
}

/** Watches the page and records what it sees. */
export interface Integration {
  readonly name: string;
  /** Starts to watch. If it throws, only this integration is missing. */
  setup(host: IntegrationHost): Contribution | undefined;
}

/** Options of `createTelemetry`; `endpoint` and `app` are required. */
export interface TelemetryOptions {
  /** URL or path of the gateway's `POST /api/metrics`; resolved once, against the page's base URL. */
  readonly endpoint: string;
  /** Name of the app, or its name, version and environment; each of at most 64 characters. */
  readonly app: string | AppInfo;
  /** Public write key. */
  readonly key?: string;
  /**
   * Returns a session token. Called before the first batch, after `setUser`, before the token expires, and once more
   * after a 401. `telegram()` provides one for Telegram's players. Batches of another user, or of unknown ones from an
   * earlier page, are never sent with the token.
   */
  readonly token?: AskToken;
  /** Called with the pseudonym of each new user, whoever set it: for another SDK that needs it. */
  readonly onUser?: (id: string | undefined) => void;
  /** Returns `true` for what `trackError` must ignore, such as the control flow of a framework. */
  readonly ignoreError?: (error: unknown) => boolean;
  /** What watches the page; `undefined`, `null` and `false` are skipped. Default: none. */
  readonly integrations?: readonly (Integration | undefined | null | false)[];
  /** Ms from the first event of a batch until it is sent. Default: 5,000. */
  readonly flushInterval?: number;
  /** `true` (the default), `false`, or `'pending'`: events wait in memory for `setConsent`. */
  readonly consent?: boolean | 'pending';
  /** Share of sessions that report, 0 to 1. Default: 1. */
  readonly sampleRate?: number;
  /**
   * Bounds of what waits on the device: 500 batches, 4 MiB (`bytes`), 7 days (`ageMs`). The age of a batch is the time
   * that pages have waited with it.
   */
  readonly outbox?: { readonly batches?: number; readonly bytes?: number; readonly ageMs?: number };
  /** Warns once in the console about each kind of trouble. On in development builds. */
  readonly debug?: boolean;
  /** The browser as the client sees it; tests provide their own. */
  readonly environment?: Environment;
}
