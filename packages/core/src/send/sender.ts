import { after, type Environment, type Timer } from '../page/environment';
import type { Trouble } from '../trouble';
import type { User } from '../user';
import type { Ages } from './ages';
import { backoff } from './backoff';
import type { Books } from './books';
import type { Outbox } from './outbox';
import type { TokenSource } from './token';
import type { Transport } from './transport';

/** Empties the outbox, one request at a time. */
export interface Sender {
  /** Sends what there is, unless a retry is already due. */
  kick(): void;
  /** Sends now, without waiting for a backoff, but not before Retry-After. Resolves when the outbox is empty or an attempt has failed. */
  flush(): Promise<void>;
  /** Pauses for a while: beacons carry the entries. */
  defer(): void;
  /** Ends the request in flight and sends no more. */
  stop(): void;
}

/** Ms after a beacon until its entries are sent again, for an answer; the ledger counts them once. */
const BEACON_GRACE = 3_000;

interface SenderDeps {
  readonly environment: Environment;
  readonly outbox: Outbox;
  readonly transport: Transport;
  readonly tokens: TokenSource;
  readonly ages: Ages;
  readonly books: Books;
  readonly user: User;
  readonly trouble: Trouble;
  readonly maySend: () => boolean;
}

export function createSender(deps: SenderDeps): Sender {
  const { environment, outbox, transport, tokens, ages, books, user, trouble, maySend } = deps;
  let running: Promise<void> | undefined;
  let timer: Timer | undefined;
  let failures = 0;
  let notBefore = 0;

  const clear = () => {
    environment.clearTimeout(timer);
    timer = undefined;
  };

  const wait = (ms: number) => {
    clear();
    timer = after(environment, ms, () => {
      timer = undefined;
      sender.kick();
    });
  };

  const fail = (reason: string) => {
    trouble.lastError = reason;
    trouble.report('delivery', reason);
  };

  /** Sends the first entry. Returns whether to go on. */
  const sendOne = async (): Promise<boolean> => {
    // Who is signed in decides what may be sent.
    await tokens.refresh();
    ages.dropOld();
    const [entry] = outbox.sendable(user.id);
    if (!entry || !maySend()) return false;
    outbox.held = entry;
    const outcome = await transport.post(entry);
    outbox.held = undefined;
    if (!maySend()) return false;
    if (outcome.kind === 'retry') {
      fail(outcome.reason);
      notBefore = environment.performance.now() + outcome.after;
      wait(Math.max(outcome.after, backoff(++failures, environment.Math.random())));
      return false;
    }
    failures = 0;
    if (outcome.kind === 'refused') {
      fail(outcome.reason);
      outbox.drop(entry, 'rejected');
    } else {
      const { rejected } = outcome;
      trouble.lastError = undefined;
      if (!outbox.remove(entry)) return true;
      books.acknowledged += entry.events - rejected;
      books.drop('rejected', rejected);
      if (rejected) trouble.report('invalid', `the gateway refused ${rejected} events of a batch`);
    }
    return true;
  };

  const run = async () => {
    try {
      while (outbox.waiting.size && maySend() && (await sendOne()));
    } catch (error) {
      // Nothing above should throw; whatever does must not end the delivery.
      fail(String(error));
      wait(backoff(++failures, 1));
    }
  };

  const start = () => {
    running ??= run().then(() => {
      running = undefined;
    });
    return running;
  };

  const sender: Sender = {
    kick() {
      if (!timer) void start();
    },
    async flush() {
      if (notBefore > environment.performance.now()) return;
      clear();
      await start();
      // What was added while the last request was in flight.
      if (!timer) await start();
    },
    defer() {
      if (!timer) wait(BEACON_GRACE);
    },
    stop() {
      clear();
      transport.abort();
    },
  };
  return sender;
}
