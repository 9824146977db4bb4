import type { Batch } from '@artel/telemetry-protocol';
import { BATCH_VERSION } from '@artel/telemetry-protocol';
import type { Books } from './books';
import type { Clock } from './clock';
import { type Custody, createCustody } from './custody';
import { type Entry, makeEntry } from './entry';
import type { Environment, Timer } from './environment';
import type { Outbox } from './outbox';
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
export type Envelope = Omit<Batch, 'metrics' | 'logs' | 'spans' | 'producer' | 'seq' | 'dropped' | 'v'>;

/** From the open window to the outbox: window → journal → seal. */
export interface Pipeline {
  readonly window: EventWindow;
  /** Notes that one event was put into the window. */
  recorded(urgent: boolean): void;
  seal(): void;
  /** A fresh identity for a batch that is made of another. */
  nextIdentity(): { readonly producer: string; readonly seq: number };
  /** Lets go of the producer: the page goes to sleep. */
  sleep(): void;
  /** Takes on a new producer: the page lives anew. */
  revive(): void;
  readonly custody: Custody;
  readonly producer: string;
  /** Empties the window; answers how many events were in it. */
  discard(): number;
  stop(): void;
}

interface PipelineDeps {
  readonly environment: Environment;
  readonly namespace: string;
  readonly clock: Clock;
  readonly books: Books;
  readonly outbox: Outbox;
  readonly flushInterval: number;
  readonly envelope: () => Envelope;
  /** Writes the open window to the device under the key that it will be sealed with. */
  readonly journal: (entry: Entry) => void;
  /** Whether anything may be written to the device yet. */
  readonly mayPersist: () => boolean;
  readonly onSealed: () => void;
}

interface Life {
  readonly producer: string;
  readonly custody: Custody;
  seq: number;
}

export function createPipeline(deps: PipelineDeps): Pipeline {
  const {
    environment,
    namespace,
    clock,
    books,
    outbox,
    flushInterval,
    envelope,
    journal,
    mayPersist,
    onSealed,
  } = deps;

  const startLife = (): Life => {
    const producer = environment.randomHex(12);
    return { producer, custody: createCustody(environment, namespace, producer), seq: 0 };
  };

  let life = startLife();
  let window = createWindow();
  let identity: { readonly producer: string; readonly seq: number } | undefined;
  let openedAt = 0;
  let drops: Record<string, number> | undefined;
  let journalTimer: Timer | undefined;
  let writing = false;
  let sealTimer: Timer | undefined;
  let sealDue = 0;

  const nextIdentity = () => {
    life.seq += 1;
    return { producer: life.producer, seq: life.seq };
  };

  const clearTimers = () => {
    environment.clearTimer(journalTimer);
    environment.clearTimer(sealTimer);
    journalTimer = undefined;
    sealTimer = undefined;
  };

  const toEntry = (): Entry => {
    identity ??= nextIdentity();
    drops ??= books.takeUnreported();
    const { user, ...rest } = envelope();
    const content = { v: BATCH_VERSION, ...identity, ...rest, ...(user === undefined ? {} : { user }) };
    return makeEntry(
      { ...content, ...window.content(), ...(drops ? { dropped: drops } : {}) },
      {
        events: window.events,
        priority: window.priority,
        at: openedAt,
        ...(user === undefined ? {} : { user }),
        ...(drops ? { drops } : {}),
      },
    );
  };

  const reset = () => {
    window = createWindow();
    identity = undefined;
    drops = undefined;
    clearTimers();
  };

  const seal = () => {
    if (window.events === 0) return;
    const entry = toEntry();
    reset();
    outbox.add(entry);
    onSealed();
  };

  const writeJournal = () => {
    journalTimer = undefined;
    if (!mayPersist() || window.events === 0) return;
    // A record may be rewritten only by a page that provably owns it; without the lock it is put down sealed.
    const { state } = life.custody;
    if (state === 'held') journal(toEntry());
    else if (state === 'none') seal();
    else journalTimer = environment.setTimer(writeJournal, JOURNAL_DELAY);
  };

  const armJournal = () => {
    if (journalTimer !== undefined || writing) return;
    if (environment.document.visibilityState !== 'hidden') {
      journalTimer = environment.setTimer(writeJournal, JOURNAL_DELAY);
      return;
    }
    // Timers of hidden pages come once a second, or never: write when this task has ended.
    writing = true;
    void Promise.resolve().then(() => {
      writing = false;
      writeJournal();
    });
  };

  const armSeal = (ms: number) => {
    const due = environment.monotonic() + ms;
    if (sealTimer !== undefined && sealDue <= due) return;
    environment.clearTimer(sealTimer);
    sealDue = due;
    sealTimer = environment.setTimer(seal, ms);
  };

  return {
    get window() {
      return window;
    },
    get custody() {
      return life.custody;
    },
    get producer() {
      return life.producer;
    },
    recorded(urgent) {
      window.events += 1;
      if (window.events === 1) {
        openedAt = clock.now();
        armSeal(flushInterval);
      }
      if (urgent) {
        window.priority = 2;
        armSeal(URGENT);
      }
      armJournal();
      if (window.items >= MAX_ITEMS || window.bytes >= MAX_BYTES) seal();
    },
    seal,
    nextIdentity,
    sleep: () => life.custody.release(),
    revive() {
      seal();
      life = startLife();
    },
    discard() {
      const { events } = window;
      books.giveBack(drops);
      reset();
      return events;
    },
    stop: clearTimers,
  };
}
