import { backoff } from './backoff';
import type { Books } from './books';
import type { Entry } from './entry';
import type { Environment, Timer } from './environment';
import type { Outbox } from './outbox';
import type { Transport } from './transport';

/** Empties the outbox, one request at a time. */
export interface Sender {
  /** Why the last attempt failed, until one succeeds. */
  lastError: string | undefined;
  /** Sends what there is, unless a retry is already due. */
  kick(): void;
  /** Sends now, sooner than a backoff would but not than a Retry-After; settles with the outbox or a failure. */
  flush(): Promise<void>;
  /** Leaves the outbox alone for a while: beacons carry what is in it. */
  defer(): void;
  stop(): void;
}

/** Ms that a beacon is given before its entries are sent again for an answer; the ledger takes them once. */
const BEACON_GRACE = 3_000;

export function createSender(
  environment: Environment,
  outbox: Outbox,
  transport: Transport,
  books: Books,
  user: () => string | undefined,
  /** Divides an entry that was refused as a whole; one that cannot be divided comes back alone. */
  split: (entry: Entry) => readonly Entry[],
  onTrouble: (reason: string) => void,
): Sender {
  let running: Promise<void> | undefined;
  let timer: Timer | undefined;
  let failures = 0;
  let notBefore = 0;
  let stopped = false;

  const clear = () => {
    environment.clearTimeout(timer);
    timer = undefined;
  };

  const wait = (ms: number) => {
    clear();
    timer = environment.setTimeout(() => {
      timer = undefined;
      sender.kick();
    }, ms);
  };

  const run = async () => {
    for (;;) {
      if (stopped || !outbox.size()) return;
      // First whose page this is, then what may go.
      await transport.signIn();
      const [entry] = outbox.sendable(user());
      if (stopped || !entry) return;
      outbox.held = entry;
      const outcome = await transport.post(entry);
      outbox.held = undefined;
      if (stopped) return;
      if (outcome.kind === 'acknowledged') {
        const { rejected } = outcome;
        failures = 0;
        sender.lastError = undefined;
        if (!outbox.remove(entry)) continue;
        books.acknowledged += entry.events - rejected;
        books.drop('rejected', rejected);
        if (rejected) onTrouble(`the gateway refused ${rejected} events of a batch`);
        continue;
      }
      onTrouble(outcome.reason);
      if (outcome.kind === 'retry') {
        sender.lastError = outcome.reason;
        notBefore = environment.performance.now() + outcome.after;
        return wait(Math.max(outcome.after, backoff(++failures, environment.Math.random())));
      }
      const parts = outcome.divisible ? split(entry) : [];
      if (parts[1]) outbox.replace(entry, parts);
      else outbox.drop(entry, 'rejected');
    }
  };

  const start = () => {
    running ??= run().finally(() => {
      running = undefined;
    });
    return running;
  };

  const sender: Sender = {
    lastError: undefined,
    kick() {
      if (!timer) void start();
    },
    async flush() {
      if (notBefore > environment.performance.now()) return;
      clear();
      await start();
      // What was added while the last request was under way.
      if (!timer) await start();
    },
    defer() {
      if (!timer) wait(BEACON_GRACE);
    },
    stop() {
      stopped = true;
      clear();
      transport.abort();
    },
  };
  return sender;
}
