import { limits } from '@artel/telemetry-protocol';
import { cleanText } from '@artel/telemetry-protocol/scrub';
import { adoptOrphans } from './adoptOrphans';
import { createBooks } from './books';
import { createClock } from './clock';
import { attempt, type Environment, lazily, sleep, type Timer, whenIdle } from './environment';
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
import type { Host, Stats, Telemetry, TelemetryOptions } from './telemetry';
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
  const environment = options.environment ?? (typeof window === 'undefined' ? undefined : window);
  return environment ? start(settings, environment, options) : inertTelemetry();
}

function start(
  settings: Settings,
  environment: Environment,
  { integrations = [], onUser }: TelemetryOptions,
): Telemetry {
  const { app } = settings;
  // Taken now, before an integration wraps it: the client's own requests are nobody's API calls.
  const { fetch } = environment;
  const namespace = `artel-telemetry:${app.name}:${settings.endpoint}`;
  const clock = createClock(environment);
  const books = createBooks();
  const pageFromAddress = lazily(() => nameByAddress(environment));
  const told = new Set<string>();
  const claimed = new Set<string>();
  const undo: (() => void)[] = [];

  let consent: Stats['consent'] =
    settings.consent === true ? 'granted' : settings.consent ? 'pending' : 'denied';
  let user: string | undefined;
  /** Whether the app itself names the user. */
  let named = false;
  let pageName: string | undefined;
  let stopped = false;
  let asleep = false;
  let hiding = false;
  let adoption: Timer | undefined;

  // Storage is asked when the first batch is made: its first answer takes longer than all else at the start.
  const session = lazily(() => startSession(environment, settings.sampleRate));
  const isSampled = () => settings.sampleRate === 1 || session().sampled;

  const mayKeep = () => consent === 'granted' && !stopped;
  const page = () => pageName ?? pageFromAddress()();
  const kick = () => {
    if (mayKeep()) sender().kick();
  };

  const warn = (kind: string, message: string) => {
    if (!settings.debug || told.has(kind)) return;
    told.add(kind);
    environment.console.warn(`[artel-telemetry] ${message}`);
  };

  const store = lazily(() =>
    openStore(
      namespace,
      environment,
      () => asleep,
      () => warn('storage', 'no IndexedDB: events wait in memory'),
    ),
  );
  const outbox = lazily(() =>
    createOutbox(
      // Until consent is given nothing is written to the device.
      { ...store(), put: async (entries) => consent === 'granted' && store().put(entries) },
      books,
      settings.outbox,
      clock.now,
      () => localCopy().refresh(outbox().unconfirmed()),
    ),
  );
  const transport = lazily(() =>
    createTransport(
      environment,
      fetch,
      settings,
      clock,
      () => host.token,
      (subject) => {
        // The launch was this player's before it was known whose: the open window is, too.
        if (!named && subject !== user) become(subject);
      },
      ({ producer, user: maker }) =>
        maker === undefined ? !named && producer === pipeline.life().producer : maker === user,
    ),
  );
  const sender = lazily(() =>
    createSender(
      environment,
      outbox(),
      transport(),
      books,
      () => user,
      (entry) => splitEntry(entry, pipeline.nextIdentity()),
      (reason) => warn('delivery', `events are kept and sent again later: ${reason}`),
    ),
  );
  const pipeline = createPipeline({
    environment,
    namespace,
    clock,
    books,
    flushInterval: settings.flushInterval,
    envelope: () => ({ app, session: session().id, page: page(), user }),
    mayKeep,
    journal: (entry) => void store().put([entry]),
    onSealed(entry) {
      outbox().add(entry);
      if (!hiding) kick();
    },
  });
  const localCopy = lazily(() => createLocalCopy(environment, namespace, () => pipeline.life().producer));

  const adopt = async () => {
    if (!mayKeep()) return;
    environment.clearTimeout(adoption);
    keepSession(environment, session());
    if (isSampled()) void transport().signIn();
    const others = await adoptOrphans(store(), localCopy(), outbox(), pipeline.life(), claimed);
    kick();
    // A page that lives beside this one may die without a word.
    if (others && mayKeep()) adoption = environment.setTimeout(adopt, ADOPT_AGAIN);
  };

  const onHide = (last: boolean) => {
    sayLast();
    if (!mayKeep()) return;
    hiding = true;
    pipeline.seal();
    hiding = false;
    keepSession(environment, session());
    localCopy().write(outbox().unconfirmed());
    if (transport().beacon(outbox().sendable(user))) sender().defer();
    else kick();
    if (!last) return;
    asleep = true;
    pipeline.life().custody.release();
  };

  const onShow = () => {
    if (asleep && mayKeep()) {
      asleep = false;
      // While this page slept another may have taken its records over: it begins anew and takes back what is free.
      store().reopen();
      outbox().letGo();
      claimed.clear();
      pipeline.revive();
    }
    void adopt();
  };

  const host: Host = {
    ...settings,
    fetch,
    hide: () => onHide(false),
    show: onShow,
    context: () => ({}),
    close() {},
    lastWords: [],
  };
  const sayLast = () => host.lastWords.forEach(attempt);

  const become = (next: string | undefined) => {
    user = next;
    attempt(() => onUser?.(next));
  };

  const setUp = () => {
    if (!isSampled() || undo[0]) return;
    undo.push(watchLifecycle(environment, onHide, onShow));
    for (const integration of integrations) {
      try {
        undo.push(integration.setup(telemetry, environment, host));
      } catch (error) {
        warn(integration.name, `${integration.name} could not be set up: ${error}`);
      }
    }
  };

  const flush = async () => {
    pipeline.seal();
    if (mayKeep()) await sender().flush();
  };

  const telemetry: Telemetry = {
    ...createRecorder(
      environment,
      pipeline,
      books,
      clock,
      page,
      () => attempt(host.context),
      () => (stopped ? 'shutdown' : consent === 'denied' ? 'consent' : isSampled() ? undefined : 'sampled'),
      warn,
    ),
    setUser(id) {
      const next = id === undefined ? id : attempt(() => cleanText(String(id), limits.nameLength));
      if (next === user) return;
      named = true;
      pipeline.seal();
      become(next);
      transport().forgetToken();
      kick();
    },
    setPage(name) {
      pageName = name && attempt(() => cleanText(String(name), limits.labelValueLength));
    },
    setConsent(granted) {
      if (stopped || (granted === true) === (consent === 'granted')) return;
      if (granted === true) {
        consent = 'granted';
        setUp();
        outbox().persist(outbox().unconfirmed());
        pipeline.seal();
        void adopt();
        return;
      }
      consent = 'denied';
      transport().abort();
      books.drop('consent', pipeline.discard() + outbox().erase());
      localCopy().owners().forEach(localCopy().erase);
      keepSession(environment, undefined);
    },
    flush,
    async flushAndClose() {
      sayLast();
      const flushed = flush();
      if (mayKeep()) localCopy().write(outbox().unconfirmed());
      await Promise.race([flushed, sleep(environment, LAST_FLUSH)]);
      attempt(() => {
        const webApp = telegramWebApp(environment);
        webApp.close ? webApp.close() : host.close();
      });
    },
    stats() {
      const { lastError } = sender();
      return {
        emitted: books.emitted,
        acknowledged: books.acknowledged,
        pending: pipeline.window.events + outbox().sum('events'),
        dropped: { ...books.dropped },
        adopted: books.adopted,
        outbox: { batches: outbox().size(), bytes: outbox().sum('bytes') },
        storage: store().broken ? 'memory' : 'indexeddb',
        consent,
        sampled: isSampled(),
        ...(lastError && { lastError }),
      };
    },
    async shutdown() {
      if (stopped) return;
      // The page may have changed under an integration; the others are still undone.
      for (const run of undo) attempt(run);
      await flush();
      stopped = true;
      environment.clearTimeout(adoption);
      sender().stop();
      localCopy().write(outbox().unconfirmed());
      pipeline.life().custody.release();
    },
  };

  if (consent !== 'denied') setUp();
  // What earlier pages left can wait until this one is up.
  whenIdle(environment, adopt);
  return telemetry;
}
