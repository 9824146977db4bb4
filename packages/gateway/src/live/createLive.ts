import { browserCatalogue, type Catalogue } from '@artel/telemetry-protocol';
import type { FastifyInstance } from 'fastify';
import type { Delta } from '../aggregate';
import type { Clock } from '../clock';
import type { ExposedFamily } from '../exposition';
import { DEFAULT_TENANT } from '../tenants';
import type { CountedBatch } from './countedBatch';
import { createFeed, type Feed } from './feed';
import { ALL_TENANTS } from './grant';
import { type LiveRoutesOptions, registerLiveRoutes } from './routes';
import { createViewers } from './viewers';
import type { GatewayState } from './wire';

export interface LiveOptions {
  readonly clock: Clock;
  readonly catalogue?: Catalogue;
  /** Ids of the tenants that there are, read anew each time. */
  readonly tenants?: () => readonly string[];
  /** The queue and the outputs as a reader of `tenant` may see them, or with `undefined` a reader of all. */
  readonly state?: (tenant: string | undefined) => GatewayState;
  /** The most pages that may be open. */
  readonly room?: number;
  /** Told of what should not happen; the batch that it happened with is counted all the same. */
  readonly onError?: (error: unknown) => void;
  /** Runs `tick` from time to time until what it answers is called; a test may tick by hand. */
  readonly every?: (tick: () => void) => () => void;
}

/** The live page's part of the gateway: what was counted goes in, pages look at it. */
export interface Live {
  /** Takes note of a batch after its commit. Never throws. */
  observe(batch: CountedBatch): void;
  /** Takes note of what a group of batches adds to a tenant's series; `at` is Unix time in ms. Never throws. */
  add(tenant: string, deltas: readonly Delta[], at: number): void;
  /** Serves `/live` and what is below it on `app`, and lets the open pages go when that closes. */
  register(app: FastifyInstance, options: Omit<LiveRoutesOptions, 'clock' | 'tenants' | 'viewers'>): void;
  /** Lets go of every log line and error, and has each page begin anew: nobody knows which were of one player. */
  forget(): void;
  /** The page's part of `/metrics`. */
  families(): ExposedFamily[];
  close(): void;
}

/** Every event is on the page within this, and what the network takes. */
const TICK_MS = 500;
const ROOM = 50;

function everyTick(tick: () => void): () => void {
  const timer = setInterval(tick, TICK_MS);
  timer.unref();
  return () => clearInterval(timer);
}

export function createLive({
  clock,
  catalogue = browserCatalogue,
  tenants = () => [DEFAULT_TENANT],
  state = () => ({ outputs: [] }),
  room = ROOM,
  onError = () => {},
  every = everyTick,
}: LiveOptions): Live {
  const feeds = new Map<string, Feed>();

  const feedOf = (name: string): Feed => {
    const feed = feeds.get(name) ?? createFeed({ catalogue, showsTenants: name === ALL_TENANTS });
    feeds.set(name, feed);
    return feed;
  };
  const viewers = createViewers({
    clock,
    feedOf,
    // An only tenant has no other feed for its operator than its own.
    stateOf: (name, isOperator) =>
      state(name === ALL_TENANTS || (isOperator && tenants().length === 1) ? undefined : name),
    room,
  });
  /** Forgets what the configuration does not name any more. */
  const forgetFeeds = (): void => {
    const named = new Set([...tenants(), ...(tenants().length > 1 ? [ALL_TENANTS] : [])]);
    for (const name of feeds.keys()) {
      if (!named.has(name) && !viewers.watches(name)) feeds.delete(name);
    }
  };
  /** Where what a tenant's players do is to be seen. */
  const feedsOf = (tenant: string): readonly Feed[] =>
    tenants().length > 1 ? [feedOf(tenant), feedOf(ALL_TENANTS)] : [feedOf(tenant)];
  const guarded = (run: () => void): void => {
    try {
      run();
    } catch (error) {
      onError(error);
    }
  };
  const stop = every(() => guarded(viewers.tick));
  const close = (): void => {
    stop();
    viewers.close();
  };

  return {
    observe: (batch) =>
      guarded(() => {
        if (feeds.size > tenants().length + 1) forgetFeeds();
        for (const feed of feedsOf(batch.tenant)) feed.observe(batch);
      }),
    add: (tenant, deltas, at) =>
      guarded(() => {
        for (const feed of feedsOf(tenant)) feed.add(deltas, at);
      }),
    register(app, options) {
      registerLiveRoutes(app, { ...options, clock, tenants, viewers });
      app.addHook('preClose', async () => close());
    },
    forget: () =>
      guarded(() => {
        for (const feed of feeds.values()) feed.forget();
      }),
    families: () => [
      {
        name: 'artel_gateway_live_viewers',
        kind: 'gauge',
        help: 'Live pages that are open.',
        series: [{ labels: [], value: viewers.count() }],
      },
      {
        name: 'artel_gateway_live_updates_skipped_total',
        kind: 'counter',
        help: 'Updates that a live page was too slow to take; it got a later one whole.',
        series: [{ labels: [], value: viewers.skipped() }],
      },
    ],
    close,
  };
}
