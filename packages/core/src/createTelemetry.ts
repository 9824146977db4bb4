import { adoptOrphans } from './adoptOrphans';
import { createBooks, type DropReason } from './books';
import { createClock } from './clock';
import { browserEnvironment, type Environment, type Timer } from './environment';
import { inertTelemetry } from './inertTelemetry';
import { telegramWebApp, watchLifecycle } from './lifecycle';
import { createLocalCopy } from './localCopy';
import { nameByAddress } from './nameByAddress';
import { createOutbox } from './outbox';
import { createPipeline } from './pipeline';
import { readOptions, type Settings } from './readOptions';
import { createRecorder } from './recorder';
import { createSender } from './sender';
import { keepSession, startSession } from './session';
import { splitEntry } from './splitEntry';
import { openStore } from './store';
import type { Stats, Telemetry, TelemetryOptions } from './telemetry';
import { createTransport } from './transport';

/** Ms after which the records of pages that seemed to live are looked at again. */
const ADOPT_AGAIN = 30_000;

/** Ms that `flushAndClose` waits for the gateway. */
const LAST_FLUSH = 300;

/**
 * Starts the client of one app. Throws a `TypeError` that names the option when one is wrong; after that no verb of
 * what it answers ever throws. Without a browser (server rendering) it answers a client that does nothing.
 */
export function createTelemetry(options: TelemetryOptions): Telemetry {
  const settings = readOptions(options);
  const environment = options.environment ?? browserEnvironment();
  return environment ? start(settings, environment, options) : inertTelemetry();
}

function createWarn(debug: boolean, environment: Environment) {
  const told = new Set<string>();
  return (kind: string, message: string) => {
    if (!debug || told.has(kind)) return;
    told.add(kind);
    environment.warn(`[artel-telemetry] ${message}`);
  };
}

function start(settings: Settings, environment: Environment, options: TelemetryOptions): Telemetry {
  const { app, endpoint, key } = settings;
  const namespace = `artel-telemetry:${app.name}:${endpoint}`;
  const warn = createWarn(settings.debug, environment);
  const clock = createClock(environment);
  const books = createBooks();
  const pageFromAddress = nameByAddress(environment.window);
  const session = startSession(environment, settings.sampleRate);

  let consent: Stats['consent'] =
    settings.consent === true ? 'granted' : settings.consent ? 'pending' : 'denied';
  let user: string | undefined;
  let pageName: string | undefined;
  let stopped = false;
  let asleep = false;
  const claimed = new Set<string>();
  let adoptTimer: Timer | undefined;

  const mayKeep = () => consent === 'granted' && !stopped;

  const store = openStore(
    namespace,
    environment,
    () => asleep,
    () => warn('storage', 'no IndexedDB: events wait in memory'),
  );
  const outbox = createOutbox({
    // Until consent is given nothing is written to the device.
    store: {
      ...store,
      put: (entries) => (consent === 'granted' ? store.put(entries) : Promise.resolve(false)),
    },
    books,
    limits: settings.outbox,
    now: clock.now,
    onConfirmed: () => localCopy.refresh(outbox.unconfirmed()),
  });
  const transport = createTransport({ endpoint, key, token: options.token, environment, clock });
  const sender = createSender({
    outbox,
    transport,
    books,
    environment,
    user: () => user,
    split: (entry) => splitEntry(entry, pipeline.nextIdentity()),
    onTrouble: (reason) => warn('delivery', `events are kept and sent again later: ${reason}`),
  });
  const pipeline = createPipeline({
    environment,
    namespace,
    clock,
    books,
    outbox,
    flushInterval: settings.flushInterval,
    mayPersist: mayKeep,
    envelope: () => ({ app, session: session.id, page: page(), ...(user === undefined ? {} : { user }) }),
    journal: (entry) => void store.put([entry]),
    onSealed: () => {
      if (mayKeep() && !hiding) sender.kick();
    },
  });
  const localCopy = createLocalCopy(environment.localStorage, namespace, pipeline.producer);
  let hiding = false;

  function page(): string {
    return pageName ?? pageFromAddress();
  }

  const closed = (): DropReason | undefined => {
    if (stopped) return 'shutdown';
    if (consent === 'denied') return 'consent';
    return session.sampled ? undefined : 'sampled';
  };

  const verbs = createRecorder({ pipeline, books, environment, now: clock.now, page, closed, warn });

  const adopt = async () => {
    environment.clearTimer(adoptTimer);
    keepSession(environment, session);
    const others = await adoptOrphans({ store, localCopy, outbox, pipeline, claimed });
    if (!mayKeep()) return;
    sender.kick();
    // A page that lives beside this one may die without a word.
    if (others) adoptTimer = environment.setTimer(() => void adopt(), ADOPT_AGAIN);
  };

  const onHide = (last: boolean) => {
    if (!mayKeep()) return;
    if (last) asleep = true;
    hiding = true;
    pipeline.seal();
    hiding = false;
    keepSession(environment, session);
    localCopy.write(outbox.unconfirmed());
    const mine = outbox.entries().filter((entry) => entry.user === user || entry.user === undefined);
    if (transport.beacon(mine)) sender.defer();
    else sender.kick();
    if (last) pipeline.sleep();
  };

  const onShow = () => {
    if (!mayKeep()) return;
    if (asleep) return onRevive();
    void adopt();
  };

  function onRevive() {
    if (!asleep) return;
    asleep = false;
    // While this page slept another may have taken its records over: it begins anew and takes back what is free.
    store.reopen();
    outbox.letGo();
    claimed.clear();
    pipeline.revive();
    void adopt();
  }

  const undo: (() => void)[] = [];
  const setUp = () => {
    if (!session.sampled || undo.length > 0) return;
    undo.push(watchLifecycle(environment, { onHide, onShow, onRevive }));
    for (const integration of options.integrations ?? []) {
      try {
        undo.push(integration.setup(telemetry, environment));
      } catch (error) {
        warn(integration.name, `${integration.name} could not be set up: ${String(error)}`);
      }
    }
  };
  const tearDown = () => {
    for (const run of undo.splice(0)) {
      try {
        run();
      } catch {
        // The page has changed under the integration; the others are still undone.
      }
    }
  };

  const telemetry: Telemetry = {
    ...verbs,
    setUser(id) {
      if (id === user) return;
      pipeline.seal();
      user = id === undefined ? undefined : String(id).slice(0, 128);
      transport.forgetToken();
      if (mayKeep()) sender.kick();
    },
    setPage(name) {
      pageName = name;
    },
    setConsent(granted) {
      if (stopped || (granted === true) === (consent === 'granted')) return;
      consent = granted === true ? 'granted' : 'denied';
      if (consent === 'granted') {
        setUp();
        outbox.persist();
        pipeline.seal();
        void adopt();
        return;
      }
      transport.abort();
      books.drop('consent', pipeline.discard() + outbox.erase());
      localCopy.eraseAll();
      keepSession(environment, undefined);
    },
    async flush() {
      pipeline.seal();
      if (mayKeep()) await sender.flush();
    },
    async flushAndClose() {
      pipeline.seal();
      if (mayKeep()) {
        localCopy.write(outbox.unconfirmed());
        await Promise.race([
          sender.flush(),
          new Promise<void>((resolve) => environment.setTimer(resolve, LAST_FLUSH)),
        ]);
      }
      telegramWebApp(environment.window)?.close?.();
    },
    stats: () => ({
      emitted: books.emitted,
      acknowledged: books.acknowledged,
      pending: pipeline.window.events + outbox.events,
      dropped: { ...books.dropped },
      adopted: books.adopted,
      outbox: { batches: outbox.size, bytes: outbox.bytes },
      storage: store.broken ? 'memory' : 'indexeddb',
      consent,
      sampled: session.sampled,
      ...(sender.lastError === undefined ? {} : { lastError: sender.lastError }),
    }),
    async shutdown() {
      if (stopped) return;
      tearDown();
      pipeline.seal();
      if (mayKeep()) await sender.flush();
      stopped = true;
      pipeline.stop();
      environment.clearTimer(adoptTimer);
      sender.stop();
      localCopy.write(outbox.unconfirmed());
      pipeline.sleep();
    },
  };

  if (consent !== 'denied') setUp();
  // What earlier pages left can wait until this one is up.
  environment.whenIdle(() => {
    if (mayKeep()) void adopt();
  });
  return telemetry;
}
