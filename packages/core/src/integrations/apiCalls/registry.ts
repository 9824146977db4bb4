import { attempt, type Environment } from '../../page/environment';
import { type ApiCall, watchCalls } from './watchCalls';

/** A client that records the page's API calls. */
interface Observer {
  /** The same for clients that would count a call twice: app and endpoint. */
  readonly id: string;
  /** Records a call and returns whether it did: a client may ignore some. */
  report(call: ApiCall): boolean;
}

/**
 * What all clients of a page share. Clients may come from several copies of this package, of different versions, so what
 * is here keeps its meaning for ever; a new shape goes beside it under another name.
 */
interface Registry {
  /** URLs of telemetry, without query. A client that has stopped may still be sending, so none is ever removed. */
  readonly own: Set<string>;
  readonly observers: Set<Observer>;
  /** Removes the page's one patch; absent while there is none. */
  unpatch?: (() => void) | undefined;
}

const KEY = Symbol.for('artel-telemetry');

function registryOf(environment: Environment): Registry {
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
    const { origin, pathname } = new URL(path, endpoint);
    registryOf(environment).own.add(origin + pathname);
  }
}

/** Reports the page's API calls to `observer`, once to all with the same id. Returns how to stop. */
export function observeCalls(environment: Environment, observer: Observer): () => void {
  const registry = registryOf(environment);
  const { own, observers } = registry;
  observers.add(observer);
  registry.unpatch ??= watchCalls({
    environment,
    isOwn: (href) => [...own].some((url) => href.startsWith(url) && '/?#'.includes(href[url.length] ?? '/')),
    onCall(call) {
      const reported = new Set<string>();
      for (const { id, report } of observers) {
        if (!reported.has(id) && attempt(() => report(call))) reported.add(id);
      }
    },
  });
  return () => {
    if (!observers.delete(observer) || observers.size) return;
    registry.unpatch?.();
    registry.unpatch = undefined;
  };
}
