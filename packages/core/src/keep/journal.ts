import { type AppInfo, BATCH_VERSION } from '@artel/telemetry-protocol';
import type { Now } from '../page/clock';
import { after, attempt, type Environment, type Timer } from '../page/environment';
import type { Session } from '../page/session';
import type { Scrubber } from '../record/scrubber';
import { createWindow, type EventWindow } from '../record/window';
import type { Books } from '../send/books';
import type { User } from '../user';
import type { Custody } from './custody';
import { type Entry, type Identity, makeEntry } from './entry';
import type { Keeper } from './keeper';

/** Limits of a window: two batches have to fit into the beacons of a dying page. */
const MAX_ITEMS = 100;
const MAX_BYTES = 24 * 1_024;

/** Ms until an urgent event's window is sealed. */
const URGENT = 500;

/** Ms from an event until it is written to the device: 250 with the write, or with a copy if the write hangs. */
const DELAY = 125;

/** The open window, from its first event to its seal. */
export interface Journal {
  /** Receives what is recorded. */
  readonly window: EventWindow;
  /** Notes that one event was added to the window. */
  recorded(urgent: boolean): void;
  /** Closes the window and hands it on as a batch, unless it is empty. `hiding` when a beacon is about to carry it. */
  seal(hiding?: boolean): void;
  /** Seals, and gives what follows a new producer: the page lives again. */
  renew(): void;
  /** Empties the window. Returns how many events were in it. */
  discard(): number;
}

interface JournalDeps {
  readonly environment: Environment;
  readonly now: Now;
  readonly books: Books;
  readonly scrub: Scrubber;
  readonly custody: Custody;
  readonly keeper: Keeper;
  readonly session: Session;
  readonly app: AppInfo;
  readonly page: () => string;
  readonly user: User;
  readonly flushInterval: number;
  readonly mayKeep: () => boolean;
  readonly onSealed: (entry: Entry, hiding: boolean) => void;
}

export function createJournal(deps: JournalDeps): Journal {
  const { environment, now, books, scrub, custody, keeper, session, app, page } = deps;
  let window = createWindow(scrub);
  let seq = 0;
  let identity: Identity | undefined;
  let drops: Readonly<Record<string, number>> | undefined;
  let at = 0;
  let visit: string | undefined;
  let journaling = false;
  let sealTimer: Timer | undefined;

  const startSession = () => {
    const { id, previous } = session.current();
    visit = id;
    if (!previous) return;
    const fields = { previous_session: previous };
    // No event of its own, so the books do not count it.
    const line = {
      level: 'info',
      category: 'session',
      message: 'Session started',
      timestamp: at,
      fields,
    } as const;
    window.addLog(line, false);
  };

  const toEntry = (): Entry => {
    const { events, priority } = window;
    identity ??= { producer: custody.producer(), seq: ++seq };
    drops ??= books.takeUnreported();
    return makeEntry(
      identity,
      { events, counts: window.counts(), priority, at, user: deps.user.id, drops },
      {
        v: BATCH_VERSION,
        app,
        session: visit,
        page: scrub(page()),
        ...window.content(),
      },
    );
  };

  const reset = () => {
    window = createWindow(scrub);
    identity = drops = undefined;
    environment.clearTimeout(sealTimer);
  };

  const seal = (hiding = false) => {
    const { events } = window;
    if (!events) return;
    // If this window cannot be made text, only its events are lost.
    const entry = attempt(toEntry);
    const unreported = drops;
    reset();
    if (entry) return deps.onSealed(entry, hiding);
    books.drop('invalid', events);
    books.giveBack(unreported);
  };

  const sealIn = (ms: number) => {
    environment.clearTimeout(sealTimer);
    sealTimer = after(environment, Math.min(ms, deps.flushInterval), () => seal());
  };

  const write = () => {
    journaling = false;
    if (!deps.mayKeep() || !window.events) return;
    const held = custody.held();
    // A record may be rewritten only by a page that provably owns it; without the lock it is written sealed.
    if (held === false) seal();
    else if (held) void keeper.put([toEntry()]);
    else writeLater();
  };

  const writeLater = () => {
    journaling = true;
    after(environment, DELAY, write);
  };

  const writeSoon = () => {
    if (journaling) return;
    if (environment.document.visibilityState !== 'hidden') return writeLater();
    // Timers of hidden pages fire once a second, or never: there it is written as soon as this task has ended.
    journaling = true;
    void Promise.resolve().then(() => attempt(write));
  };

  return {
    get window() {
      return window;
    },
    recorded(urgent) {
      if (++window.events === 1) {
        at = now();
        // Asks for the lock now, so that it is there when the window is first written.
        custody.held();
        sealIn(deps.flushInterval);
        startSession();
      }
      if (urgent && window.priority < 2) {
        window.priority = 2;
        sealIn(URGENT);
      }
      writeSoon();
      if (window.items() >= MAX_ITEMS || window.bytes >= MAX_BYTES) seal();
    },
    seal,
    renew() {
      seal();
      seq = 0;
      custody.renew();
    },
    discard() {
      const { events } = window;
      books.giveBack(drops);
      reset();
      return events;
    },
  };
}
