import type { ServerResponse } from 'node:http';
import type { Clock } from '../clock';
import type { Feed, FeedUpdate } from './feed';
import type { GatewayState, Update } from './wire';

/** One open page. */
interface Viewer {
  readonly response: ServerResponse;
  readonly feed: string;
  /** Whether it is shown the gateway's own state as its operator is. */
  readonly isOperator: boolean;
  /** Asked again from time to time: a token may be withdrawn while its page is open. */
  readonly mayStay: () => boolean;
}

export interface ViewersOptions {
  readonly clock: Clock;
  readonly feedOf: (name: string) => Feed;
  /** The state of the gateway as a reader of the feed may see it, or its operator. */
  readonly stateOf: (name: string, isOperator: boolean) => GatewayState;
  readonly room: number;
}

/** The pages that are open, each fed by what its feed says. */
export interface Viewers {
  hasRoom(): boolean;
  /** Sends everything at once, and from then on what changes. */
  add(viewer: Viewer): void;
  /** Tells every page what has changed. A message is made once for all pages of a feed with the same view. */
  tick(): void;
  watches(feed: string): boolean;
  count(): number;
  /** How often a page was passed over since it had not taken the message before. */
  skipped(): number;
  close(): void;
}

const CHECK_MS = 30_000;
/** A page that has taken nothing for so long is gone, whatever its socket says. */
const STUCK_MS = 30_000;

interface Seat extends Viewer {
  /** Since when it does not take what it is sent, by the monotonic clock. */
  stuck: number | undefined;
  checked: number;
}

function message(event: 'update' | 'denied', data: Update | Record<string, never>): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** Made at the first call for each kind of reader. */
function perReader<T>(make: (isOperator: boolean) => T): (isOperator: boolean) => T {
  const made = new Map<boolean, T>();
  return (isOperator) => {
    const value = made.get(isOperator) ?? make(isOperator);
    made.set(isOperator, value);
    return value;
  };
}

export function createViewers({ clock, feedOf, stateOf, room }: ViewersOptions): Viewers {
  const feeds = new Map<string, Set<Seat>>();
  let count = 0;
  let skipped = 0;

  const messageFor = (update: FeedUpdate, name: string, isOperator: boolean): string =>
    message('update', { ...update, delivery: { ...update.delivery, ...stateOf(name, isOperator) } });

  const remove = (seat: Seat): void => {
    const seats = feeds.get(seat.feed);
    if (!seats?.delete(seat)) return;
    count--;
    if (seats.size === 0) feeds.delete(seat.feed);
  };

  /** Whether the page may be sent something now; ends it where it may not stay. */
  const isReady = (seat: Seat): boolean => {
    const { response } = seat;
    if (response.destroyed || response.writableEnded) return false;
    const elapsed = clock.elapsed();
    if (elapsed - seat.checked > CHECK_MS) {
      seat.checked = elapsed;
      if (!seat.mayStay()) {
        response.end(message('denied', {}));
        remove(seat);
        return false;
      }
    }
    if (!response.writableNeedDrain) return true;
    skipped++;
    seat.stuck ??= elapsed;
    if (elapsed - seat.stuck > STUCK_MS) response.destroy();
    return false;
  };

  return {
    hasRoom: () => count < room,
    add(viewer) {
      const { response, feed: name, isOperator } = viewer;
      const feed = feedOf(name);
      const now = clock.now();
      if (!feeds.has(name)) feed.skip(now);
      const seats = feeds.get(name) ?? new Set();
      const seat: Seat = { ...viewer, stuck: undefined, checked: clock.elapsed() };
      feeds.set(name, seats.add(seat));
      count++;
      response.once('close', () => remove(seat));
      // Without a listener an error of the socket would end the process; `close` follows it.
      response.on('error', () => {});
      response.write(messageFor(feed.snapshot(now), name, isOperator));
    },
    tick() {
      const now = clock.now();
      for (const [name, seats] of feeds) {
        const feed = feedOf(name);
        const update = feed.update(now);
        const news = perReader((isOperator) => messageFor(update, name, isOperator));
        const whole = perReader((isOperator) => messageFor(feed.snapshot(now), name, isOperator));
        for (const seat of [...seats]) {
          if (!isReady(seat)) continue;
          // What it has missed it is not told one by one: it gets the newest whole.
          const text = (seat.stuck === undefined ? news : whole)(seat.isOperator);
          seat.stuck = undefined;
          seat.response.write(text);
        }
      }
    },
    watches: (feed) => feeds.has(feed),
    count: () => count,
    skipped: () => skipped,
    close() {
      for (const seat of [...feeds.values()].flatMap((seats) => [...seats])) {
        seat.response.end();
        remove(seat);
      }
    },
  };
}
