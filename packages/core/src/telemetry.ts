import type { AppInfo, Fields } from '@artel/telemetry-protocol';
import type { Environment } from './environment';

/** Extra facts about an event. Labels of the metric become series labels; the rest goes to the event's log line. */
export type Metadata = Readonly<Record<string, unknown>>;

/** A span under way. Every verb but `end` answers the span itself. */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  /** Value of the W3C `traceparent` header that makes a server's span a child of this one. */
  readonly traceparent: string;
  /** Adds a fact; it is scrubbed and shortened like the field of a log line. */
  setAttribute(name: string, value: unknown): Span;
  /** Ends the span; the first call counts. */
  end(status?: 'ok' | 'error'): void;
}

/** Log lines at four levels; `fields` are flattened, scrubbed and truncated. */
export interface Logger {
  /** What only a developer asks about. */
  debug(message: string, fields?: Metadata): void;
  /** What happened, as it should. */
  info(message: string, fields?: Metadata): void;
  /** What should not happen, and did no harm. */
  warn(message: string, fields?: Metadata): void;
  /** What failed. */
  error(message: string, fields?: Metadata): void;
}

/** The books of one page: `emitted = acknowledged + pending + Σ dropped`, at every moment. */
export interface Stats {
  /** Events that this page took in, those adopted from earlier pages among them. */
  readonly emitted: number;
  /** Events that the gateway answered for with a 2xx. */
  readonly acknowledged: number;
  /** Events in the open window and in the outbox. */
  readonly pending: number;
  /** Events given up, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
  /** Events that earlier pages left behind and this one took over; they are part of `emitted`. */
  readonly adopted: number;
  /** Batches and bytes that wait for the gateway. */
  readonly outbox: { readonly batches: number; readonly bytes: number };
  /** Where the outbox is kept; `memory` when the device gives no IndexedDB. */
  readonly storage: 'indexeddb' | 'memory';
  readonly consent: 'granted' | 'pending' | 'denied';
  /** Whether this session was drawn by `sampleRate`. */
  readonly sampled: boolean;
  /** Why the last attempt to send failed, until one succeeds. */
  readonly lastError?: string;
}

/** The client. None of its verbs throws or blocks, whatever it is given. */
export interface Telemetry {
  /** Counts `user_action_total{action,page}`; metadata beyond the labels goes to one log line. */
  trackUserAction(action: string, metadata?: Metadata): void;
  /** Observes `page_load_duration_ms{page}`; `ms` in milliseconds. */
  trackPageLoad(page: string, ms: number): void;
  /** Observes `api_request_duration_ms{endpoint,method,status_code}`; the endpoint is made a template. */
  trackApiCall(endpoint: string, method: string, ms: number, status: number): void;
  /** Counts `game_event_total{event_type,game_type}`; the session id goes to the event's log line. */
  trackGameEvent(eventType: string, gameType: string, sessionId: string): void;
  /** Counts `frontend_error_total{error_type,page}`; message, stack and context go to its log line. */
  trackError(error: unknown, context?: Metadata): void;
  /** Adds `n` (1) to a counter of any name, such as `shots_total`. */
  count(name: string, labels?: Metadata, n?: number): void;
  /** Adds one observation to a histogram of any name. */
  observe(name: string, value: number, labels?: Metadata): void;
  readonly log: Logger;
  /** Starts a span: a child of none, with a trace of its own. It is sent when it ends. */
  startSpan(name: string, attributes?: Metadata): Span;
  /** The pseudonym under which later events are kept and sent; `undefined` when the player signs out. */
  setUser(id: string | undefined): void;
  /** Names the page for the `page` label; without it the path of the address, as a template, is taken. */
  setPage(name: string | undefined): void;
  /** `false` stops, erases what is kept and sends nothing; `true` starts. */
  setConsent(granted: boolean): void;
  /** Seals the window and sends; settles when all of it is acknowledged, or when an attempt fails. Never rejects. */
  flush(): Promise<void>;
  /**
   * Persists, sends for at most 300 ms, and closes the Mini App, where there is one: with `WebApp.close()`, or behind
   * `telegram()` through the bare bridge. Never rejects; what was not delivered goes with the next opening.
   */
  flushAndClose(): Promise<void>;
  /** The books as they stand now. */
  stats(): Stats;
  /** Persists and flushes, undoes every patch and listener, and stops for good. Never rejects. */
  shutdown(): Promise<void>;
}

/** A session token as `POST /api/session` answers it. */
export interface SessionToken {
  readonly token: string;
  /** Unix time in ms; a minute before it a new token is asked for. Without it, when the gateway answers 401. */
  readonly expiresAt?: number;
  /** Pseudonym of the player, who becomes the user unless `setUser` was called. */
  readonly subject?: string;
}

/** Gives the session token that goes with each batch, or `undefined` for none: the batches are anonymous then. */
export type AskToken = () => Promise<string | SessionToken | undefined>;

/** What an integration finds in the client, and may put into it, beside the verbs. */
export interface Host {
  readonly endpoint: string;
  readonly key: string | undefined;
  /** The page's own, from before any integration wrapped it. */
  readonly fetch: Environment['fetch'];
  /** The page may die at any moment from now: everything is put down and sent. */
  hide(): void;
  /** The page is seen again: a good moment to send. */
  show(): void;
  /** The app's `token`; an integration gives one where the app has none. */
  token: AskToken | undefined;
  /** Few and short facts that go with every log line and span, and `platform` with the web vitals. */
  context: () => Fields;
  /** How `flushAndClose` closes the app where telegram-web-app.js is not there to do it. */
  close: () => void;
  /** Each is run before a hiding page's window is sealed. */
  readonly lastWords: (() => void)[];
}

/** Something that watches the page and reports to the client. `setup` answers how to undo itself. */
export interface Integration {
  readonly name: string;
  /** Begins to watch; answers how to undo it. What it throws costs the app nothing but this integration. */
  setup(telemetry: Telemetry, environment: Environment, host: Host): () => void;
}

/** What `createTelemetry` takes; `endpoint` and `app` must be given. */
export interface TelemetryOptions {
  /** URL or path of the gateway's `POST /api/metrics`. */
  readonly endpoint: string;
  /** Name of the app, or its name, version and environment. */
  readonly app: string | AppInfo;
  /** Public write key. */
  readonly key?: string;
  /**
   * Asked before the first batch, after `setUser`, before the token expires, and once more when the gateway answers
   * 401. `telegram()` brings one for Telegram's players. Batches of another user, or of unknown ones from an earlier
   * page, never go with the token.
   */
  readonly token?: AskToken;
  /** Told the pseudonym of each new user, whoever named it: for another SDK that has to know it. */
  readonly onUser?: (id: string | undefined) => void;
  readonly integrations?: readonly Integration[];
  /** Ms from a window's first event until it is sealed. 5,000. */
  readonly flushInterval?: number;
  /** `true` (as when left out), `false`, or `'pending'`: held in memory until `setConsent`. */
  readonly consent?: boolean | 'pending';
  /** Share of sessions that report, 0 to 1. 1. */
  readonly sampleRate?: number;
  /** Bounds of what waits on the device: 500 batches, 4 MiB, 7 days. */
  readonly outbox?: { readonly batches?: number; readonly bytes?: number; readonly ageMs?: number };
  /** Warn once in the console about each kind of trouble; by default in the build for development only. */
  readonly debug?: boolean;
  /** The browser as the client sees it; tests give their own. */
  readonly environment?: Environment;
}
