import { backoff } from './backoff';
import type { Books } from './books';
import type { Entry } from './entry';
import type { Environment, Timer } from './environment';
import type { Outbox } from './outbox';
import type { Transport } from './transport';

/** Empties the outbox, one request at a time. */
export interface Sender {
  /** Sends what there is, unless a retry is already due. */
  kick(): void;
  /** Sends now, sooner than a backoff would but not than a Retry-After; settles with the outbox or a failure. */
  flush(): Promise<void>;
  /** Leaves the outbox alone for a while: beacons carry what is in it. */
  defer(): void;
  stop(): void;
  readonly lastError: string | undefined;
}

interface SenderDeps {
  readonly outbox: Outbox;
  readonly transport: Transport;
  readonly books: Books;
  readonly environment: Pick<Environment, 'setTimer' | 'clearTimer' | 'random' | 'monotonic'>;
  readonly user: () => string | undefined;
  /** Divides an entry that was refused as a whole; one that cannot be divided comes back alone. */
  readonly split: (entry: Entry) => readonly Entry[];
  readonly onTrouble: (reason: string) => void;
}

/** Ms that a beacon is given before its entries are sent again for an answer; the ledger takes them once. */
const BEACON_GRACE = 3_000;

export function createSender(deps: SenderDeps): Sender {
  const { outbox, transport, books, environment, user, split, onTrouble } = deps;
  let running: Promise<void> | undefined;
  let timer: Timer | undefined;
  let failures = 0;
  let notBefore = 0;
  let stopped = false;
  let lastError: string | undefined;

  const wait = (ms: number) => {
    environment.clearTimer(timer);
    timer = environment.setTimer(() => {
      timer = undefined;
      kick();
    }, ms);
  };

  /** Sends one entry; `false` when the next must wait. */
  const sendNext = async (entry: Entry): Promise<boolean> => {
    outbox.hold(entry);
    const outcome = await transport.post(entry);
    outbox.hold(undefined);
    if (stopped) return false;
    switch (outcome.kind) {
      case 'acknowledged':
        failures = 0;
        lastError = undefined;
        if (outbox.remove(entry)) {
          books.acknowledged += entry.events - outcome.rejected;
          books.drop('rejected', outcome.rejected);
          if (outcome.rejected > 0) onTrouble(`the gateway refused ${outcome.rejected} events of a batch`);
        }
        return true;
      case 'refused': {
        onTrouble(outcome.reason);
        const parts = outcome.divisible ? split(entry) : [entry];
        if (parts.length > 1) outbox.replace(entry, parts);
        else outbox.drop(entry, 'rejected');
        return true;
      }
      case 'retry':
        failures += 1;
        lastError = outcome.reason;
        onTrouble(outcome.reason);
        notBefore = environment.monotonic() + outcome.after;
        wait(Math.max(outcome.after, backoff(failures, environment.random)));
        return false;
    }
  };

  const run = async () => {
    for (;;) {
      const entry = stopped ? undefined : outbox.next(user());
      if (!entry || !(await sendNext(entry))) return;
    }
  };

  const start = (): Promise<void> => {
    running ??= run().finally(() => {
      running = undefined;
    });
    return running;
  };

  function kick() {
    if (!stopped && timer === undefined) void start();
  }

  return {
    kick,
    async flush() {
      const remaining = notBefore - environment.monotonic();
      if (stopped || remaining > 0) return;
      environment.clearTimer(timer);
      timer = undefined;
      await start();
      // What was added while the last request was under way.
      if (timer === undefined && outbox.next(user())) await start();
    },
    defer() {
      if (timer === undefined) wait(BEACON_GRACE);
    },
    stop() {
      stopped = true;
      environment.clearTimer(timer);
      transport.abort();
    },
    get lastError() {
      return lastError;
    },
  };
}
