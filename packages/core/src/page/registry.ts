import { attempt, type Environment } from './environment';

/** One fetch or XMLHttpRequest that has ended. */
export interface ApiCall {
  /** As the app wrote it. */
  readonly url: string;
  /** Absolute. */
  readonly href: string;
  readonly method: string;
  /** Ms until the headers of a fetch, and until the end of an XMLHttpRequest. */
  readonly ms: number;
  /** Status of the response, 0 if it is opaque, or why there is none: `aborted`, `timeout` or `network`. */
  readonly status: number | string;
}

/** A client that records the page's API calls. */
export interface Observer {
  /** The same for clients that would count a call twice: app and endpoint. */
  readonly id: string;
  /** Records a call and returns whether it did: a client may ignore some. */
  report(call: ApiCall): boolean;
}

/**
 * What all clients of a page share. Clients may come from several copies of this package, of different versions, so what
 * is here keeps its meaning for ever; a new shape goes beside it under another name.
 */
export interface Registry {
  /** URLs of telemetry, without query. A client that has stopped may still be sending, so none is ever removed. */
  readonly own: Set<string>;
  readonly observers: Set<Observer>;
  /** Removes the page's one patch; absent while there is none. */
  unpatch?: (() => void) | undefined;
}

const KEY = Symbol.for('artel-telemetry');

export function registryOf(environment: Environment): Registry {
  const page = environment as { [KEY]?: { v1?: Registry } };
  page[KEY] ??= {};
  page[KEY].v1 ??= { own: new Set(), observers: new Set() };
  return page[KEY].v1;
}

/**
 * Keeps the requests of a client out of everybody's API calls: those under its endpoint, an absolute URL, and under
 * `session` and `sentry` beside it.
 */
export function claimEndpoint(environment: Environment, endpoint: string): void {
  for (const path of [endpoint, 'session', 'sentry']) {
    // An endpoint that could not be resolved is none of the page's URLs either.
    attempt(() => {
      const { origin, pathname } = new URL(path, endpoint);
      registryOf(environment).own.add(origin + pathname);
    });
  }
}
