import { createConsent } from './consent';
import { createContributions } from './contributions';
import { inertTelemetry } from './inertTelemetry';
import { createCustody } from './keep/custody';
import { createJournal } from './keep/journal';
import { createKeeper } from './keep/keeper';
import { createLocalCopy } from './keep/localCopy';
import { createLife } from './life';
import { checkOptions, readOptions, type Settings } from './options';
import { createClock } from './page/clock';
import { attempt, type Environment, isPrerendering } from './page/environment';
import { createPageName } from './page/pageName';
import { claimEndpoint } from './page/registry';
import { createSession } from './page/session';
import { createRecorder } from './record/recorder';
import { createScrubber } from './record/scrubber';
import { createBeacon, createPayload } from './send/beacon';
import { createBooks } from './send/books';
import { createLazyDelivery } from './send/delivery';
import { createOutbox } from './send/outbox';
import type { Telemetry, TelemetryOptions } from './telemetry';
import { createTrouble } from './trouble';
import { createUser } from './user';

/**
 * Starts the client of one app. Where there is no page (server rendering), or only parts of one, it returns a client
 * that does nothing.
 *
 * @throws TypeError in development builds, naming the option that is wrong. A production build writes one error to the
 * console and returns a client that does nothing. After the start no method throws.
 */
export function createTelemetry(options: TelemetryOptions): Telemetry {
  if (__DEV__) checkOptions(options);
  try {
    const settings = readOptions(options);
    const environment = options.environment ?? (globalThis as { window?: Environment }).window;
    // Some servers and tests define a `window` that has no page, or only parts of one.
    if (environment?.document?.addEventListener && 'crypto' in environment) {
      return compose(options, settings, environment);
    }
  } catch (error) {
    // biome-ignore lint/suspicious/noConsole: the only message of a client that could not start
    console.error(`[artel-telemetry] ${error}`);
  }
  return inertTelemetry();
}

function compose(options: TelemetryOptions, settings: Settings, environment: Environment): Telemetry {
  const { key } = options;
  const { app } = settings;
  // Resolved now: a relative path would mean another address on the app's next page.
  const endpoint =
    attempt(() => new URL(options.endpoint, environment.document.baseURI).href) ?? options.endpoint;
  // Taken before an integration patches it: the client's own requests are nobody's API calls.
  const { fetch } = environment;
  claimEndpoint(environment, endpoint);
  const namespace = `artel-telemetry:${app.name}:${endpoint}`;

  const trouble = createTrouble({ console: environment.console, debug: settings.debug });
  const books = createBooks();
  const now = createClock(environment);
  const scrub = createScrubber();
  const page = createPageName(environment);
  const session = createSession({ environment, namespace, sampleRate: settings.sampleRate });
  const consent = createConsent({
    consent: settings.consent,
    isInSample: session.sampled,
    isPrerendering: () => isPrerendering(environment),
  });
  const { mayKeep } = consent;
  const { report } = trouble;
  const base = {
    ...consent,
    environment,
    namespace,
    endpoint,
    fetch,
    key,
    trouble,
    report,
    books,
    now,
    scrub,
    page,
  };

  const custody = createCustody(base);
  const { producer } = custody;
  const localCopy = createLocalCopy({ ...base, owner: producer });
  const keeper = createKeeper({ ...base, localCopy });
  const device = { ...base, session, custody, localCopy, keeper };

  const user = createUser({ ...device, producer, onUser: options.onUser });
  const outbox = createOutbox({ ...device, limits: settings.outbox });
  const payload = createPayload({ ...device, user });
  const contributions = createContributions({ ...device, integrations: options.integrations });
  const sending = { ...device, user, outbox, payload, contributions };
  const delivery = createLazyDelivery({
    ...sending,
    ageMs: settings.outbox.ageMs,
    maySend: mayKeep,
    tokenSource: () => options.token ?? contributions.token(),
  });
  const kick = () => {
    if (mayKeep()) void delivery.load().then((loaded) => loaded?.kick());
  };

  const journal = createJournal({
    ...settings,
    ...sending,
    onSealed(entry, hiding) {
      void keeper.put([entry]);
      outbox.add(entry);
      if (!hiding) kick();
    },
  });
  const recording = { ...sending, journal };
  const recorder = createRecorder({
    ...recording,
    context: contributions.context,
    ignoreError: options.ignoreError,
  });
  const beacon = createBeacon(recording);
  const life = createLife({
    ...recording,
    consent,
    beacon,
    delivery,
    kick,
  });

  const telemetry: Telemetry = {
    ...recorder,
    setUser(id) {
      user.set(id, () => journal.seal());
      kick();
    },
    setPage: page.set,
    setConsent: life.setConsent,
    flush: life.flush,
    flushAndClose: life.flushAndClose,
    stats: () => ({
      emitted: books.emitted,
      acknowledged: books.acknowledged,
      pending: journal.events() + outbox.sum('events'),
      dropped: { ...books.dropped },
      adopted: books.adopted,
      outbox: { batches: outbox.waiting.size, bytes: outbox.sum('bytes') },
      storage: keeper.storage(),
      consent: consent.state,
      sampled: session.sampled(),
      ...(trouble.lastError && { lastError: trouble.lastError }),
    }),
    shutdown: life.shutdown,
  };
  life.start({ telemetry, environment, app: app.name, endpoint, key, fetch, page });
  return telemetry;
}
