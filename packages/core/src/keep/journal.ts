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

/** Ms between two writes of the window to the device: 250 with the write, or with a copy if the write hangs. */
const DELAY = 125;

/** The open window, from its first event to its seal. */
export interface Journal {
  /** Receives what is recorded. */
  readonly window: EventWindow;
  /** Events that are not sealed yet. */
  events(): number;
  /** Notes that one event was added to the window. */
  recorded(urgent: boolean): void;
  /** Closes the window and passes it on as a batch, unless it is empty. `hiding` when a beacon is about to carry it. */
  seal(hiding?: boolean): void;
  /** Seals, and gives what follows a new producer: the page lives again. */
  renew(): void;
  /** Discards what is not sealed. Returns how many events that were. */
  discard(): number;
}

/** A window and what its batch will say. */
interface OpenBatch {
  readonly window: EventWindow;
  /** Unix time in ms of its first event. */
  at: number;
  session?: string;
  identity?: Identity;
  drops?: Readonly<Record<string, number>> | undefined;
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
  const start = (): OpenBatch => ({ window: createWindow(scrub), at: 0 });
  let open = start();
  /** Windows that became full in the current task: their text is made after it, so that no event waits for it. */
  let full: OpenBatch[] = [];
  let seq = 0;
  let journaling = false;
  /** Whether the window contains what the device does not. */
  let unwritten = false;
  let sealTimer: Timer | undefined;

  const startSession = () => {
    const { id, previous } = session.current();
    open.session = id;
    if (!previous) return;
    const fields = { previous_session: previous };
    // No event of its own, so the books do not count it.
    const line = {
      level: 'info',
      category: 'session',
      message: 'Session started',
      timestamp: open.at,
      fields,
    } as const;
    open.window.addLog(line, false);
  };

  const toEntry = (batch: OpenBatch): Entry => {
    const { window, at } = batch;
    const { events, priority } = window;
    batch.identity ??= { producer: custody.producer(), seq: ++seq };
    batch.drops ??= books.takeUnreported();
    return makeEntry(
      batch.identity,
      { events, counts: window.counts(), priority, at, user: deps.user.id, drops: batch.drops },
      {
        v: BATCH_VERSION,
        app,
        session: batch.session,
        page: scrub(page()),
        ...window.content(),
      },
    );
  };

  /** Takes out the full windows, and the open one too with `all`. */
  const take = (all: boolean): readonly OpenBatch[] => {
    const taken = all ? [...full, open] : full;
    full = [];
    if (all) {
      open = start();
      environment.clearTimeout(sealTimer);
    }
    return taken.filter(({ window }) => window.events);
  };

  const pass = (batches: readonly OpenBatch[], hiding: boolean) => {
    for (const batch of batches) {
      // Whatever goes wrong with a window's text costs this window, and not what follows.
      const entry = attempt(() => toEntry(batch));
      if (entry) deps.onSealed(entry, hiding);
      else {
        books.drop('invalid', batch.window.events);
        books.giveBack(batch.drops);
      }
    }
  };

  const seal = (hiding = false) => pass(take(true), hiding);

  const sealIn = (ms: number) => {
    environment.clearTimeout(sealTimer);
    sealTimer = after(environment, Math.min(ms, deps.flushInterval), () => seal());
  };

  const write = (atOnce: boolean) => {
    unwritten = false;
    if (!deps.mayKeep() || !open.window.events) return;
    // A record may be rewritten only by a page that provably owns it; without the lock it is written sealed.
    if (custody.held()) void keeper.put([toEntry(open)], atOnce);
    else seal();
  };

  /** Writes the first event of a burst as soon as its task has ended, and the rest together. */
  const writeSoon = () => {
    unwritten = true;
    if (journaling) return;
    journaling = true;
    void custody.known().then(() => {
      const hidden = environment.document.hidden;
      // A sealed batch for the first event alone would be a request more.
      if (hidden || custody.held()) attempt(() => write(true));
      journaling = !hidden;
      // Timers of hidden pages fire once a second, or never.
      if (hidden) return;
      after(environment, DELAY, () => {
        journaling = false;
        if (unwritten) write(false);
      });
    });
  };

  return {
    get window() {
      return open.window;
    },
    events: () => [...full, open].reduce((sum, { window }) => sum + window.events, 0),
    recorded(urgent) {
      const { window } = open;
      if (++window.events === 1) {
        open.at = now();
        sealIn(deps.flushInterval);
        startSession();
      }
      if (urgent && window.priority < 2) {
        window.priority = 2;
        sealIn(URGENT);
      }
      if (window.items() < MAX_ITEMS && window.bytes < MAX_BYTES) return writeSoon();
      if (!full[0]) void Promise.resolve().then(() => attempt(() => pass(take(false), false)));
      full.push(open);
      open = start();
      environment.clearTimeout(sealTimer);
    },
    seal,
    renew() {
      seal();
      seq = 0;
      custody.renew();
    },
    discard() {
      let events = 0;
      for (const { window, drops } of take(true)) {
        events += window.events;
        books.giveBack(drops);
      }
      return events;
    },
  };
}
