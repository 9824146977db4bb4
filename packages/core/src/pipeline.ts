import type { Batch } from '@artel/telemetry-protocol';
import { BATCH_VERSION } from '@artel/telemetry-protocol';
import type { Books } from './books';
import type { Clock } from './clock';
import { type Custody, createCustody } from './custody';
import { type Entry, type Identity, makeEntry } from './entry';
import { type Environment, lazily, randomHex, type Timer } from './environment';
import { createWindow, type EventWindow } from './window';

/**
 * What makes a window full. A batch has to fit into the copy that a dying page can still make, 32 KiB with its
 * quotes escaped, beside what a beacon adds.
 */
const MAX_ITEMS = 100;
const MAX_BYTES = 24 * 1_024;

/** Ms until an urgent event's window is sealed. */
const URGENT = 500;

/** Ms from an event until it is written to the device; with the write itself it is there within 250 ms. */
const JOURNAL_DELAY = 200;

/** The envelope of every batch, as it is when the window is sealed. */
type Envelope = Pick<Batch, 'app' | 'session' | 'page'> & { readonly user: string | undefined };

/** One life of a page, from its start or its awakening: who owns its records, under which producer. */
export interface Life {
  readonly custody: Custody;
  readonly producer: string;
}

/** From the open window to the outbox: window → journal → seal. */
export interface Pipeline {
  readonly window: EventWindow;
  life(): Life;
  /** Notes that one event was put into the window. */
  recorded(urgent: boolean): void;
  seal(): void;
  /** The identity of the next batch. */
  nextIdentity(): Identity;
  /** Takes on a new producer: the page lives anew. */
  revive(): void;
  /** Empties the window; answers how many events were in it. */
  discard(): number;
}

interface PipelineDeps {
  readonly environment: Environment;
  readonly namespace: string;
  readonly clock: Clock;
  readonly books: Books;
  readonly flushInterval: number;
  readonly envelope: () => Envelope;
  /** Whether anything may be written to the device yet. */
  readonly mayKeep: () => boolean;
  /** Writes the open window to the device under the key that it will be sealed with. */
  readonly journal: (entry: Entry) => void;
  readonly onSealed: (entry: Entry) => void;
}

export function createPipeline(deps: PipelineDeps): Pipeline {
  const { environment, clock, books } = deps;
  let seq = 0;
  let identity: Identity | undefined;
  let drops: Readonly<Record<string, number>> | undefined;
  let openedAt = 0;
  let journaling = false;
  let sealTimer: Timer | undefined;

  const newLife = () =>
    lazily((): Life => {
      const producer = randomHex(environment, 12);
      return { producer, custody: createCustody(environment, deps.namespace, producer) };
    });

  const nextIdentity = () => ({ producer: pipeline.life().producer, seq: ++seq });

  const toEntry = () => {
    const { events, priority } = pipeline.window;
    const { user, ...envelope } = deps.envelope();
    identity ??= nextIdentity();
    drops ??= books.takeUnreported();
    return makeEntry(
      identity,
      { events, priority, at: openedAt, user, drops },
      { v: BATCH_VERSION, ...envelope, ...pipeline.window.content() },
    );
  };

  const reset = () => {
    pipeline.window = createWindow();
    identity = drops = undefined;
    environment.clearTimeout(sealTimer);
  };

  const sealIn = (ms: number) => {
    environment.clearTimeout(sealTimer);
    sealTimer = environment.setTimeout(pipeline.seal, Math.min(ms, deps.flushInterval));
  };

  const journalLater = () => {
    environment.setTimeout(writeJournal, JOURNAL_DELAY);
    journaling = true;
  };

  const writeJournal = () => {
    const { held } = pipeline.life().custody;
    journaling = false;
    if (!deps.mayKeep() || !pipeline.window.events) return;
    // A record may be rewritten only by a page that provably owns it; without the lock it is put down sealed.
    if (held) deps.journal(toEntry());
    else if (held === false) pipeline.seal();
    else journalLater();
  };

  const journalSoon = () => {
    if (journaling) return;
    if (environment.document.visibilityState !== 'hidden') return journalLater();
    // Timers of hidden pages come once a second, or never: there it is written when this task has ended.
    journaling = true;
    void Promise.resolve().then(writeJournal);
  };

  const pipeline = {
    life: newLife(),
    window: createWindow(),
    nextIdentity,
    recorded(urgent: boolean) {
      const { window } = pipeline;
      if (++window.events === 1) {
        openedAt = clock.now();
        sealIn(deps.flushInterval);
      }
      if (urgent && window.priority < 2) {
        window.priority = 2;
        sealIn(URGENT);
      }
      journalSoon();
      if (window.items() >= MAX_ITEMS || window.bytes >= MAX_BYTES) pipeline.seal();
    },
    seal() {
      if (!pipeline.window.events) return;
      const entry = toEntry();
      reset();
      deps.onSealed(entry);
    },
    revive() {
      pipeline.seal();
      seq = 0;
      pipeline.life = newLife();
    },
    discard() {
      const { events } = pipeline.window;
      books.giveBack(drops);
      reset();
      return events;
    },
  };
  return pipeline;
}
