// The chunk that a page loads after it has started: the database, delivery by fetch, adoption of what earlier pages left,
// and the patterns of the scrubber. Until it is there, events are recorded, journaled in localStorage and sent by beacon.
import { scrubText } from '@artel/telemetry-protocol/scrub';
import { createAdoption } from './keep/adopt';
import type { Custody } from './keep/custody';
import type { Keeper } from './keep/keeper';
import { createLeases } from './keep/lease';
import type { LocalCopy } from './keep/localCopy';
import { createStore } from './keep/store';
import { after, type Environment, type Timer } from './page/environment';
import { watchTelegram } from './page/telegramBridge';
import { createAges } from './send/ages';
import type { Payload } from './send/beacon';
import type { Books } from './send/books';
import type { Outbox } from './send/outbox';
import { createSender, type Sender } from './send/sender';
import { createTokenSource } from './send/token';
import { createTransport } from './send/transport';
import type { AskToken, TelegramEventData } from './telemetry';
import type { Trouble } from './trouble';
import type { User } from './user';

export { scrubText };

/** Ms after which the records of pages that seemed to live are checked again. */
const ADOPT_AGAIN = 30_000;

/** What delivers, once it is loaded. */
export interface Delivery extends Sender {
  /** Takes over what dead pages left and sends it. Repeats that while other pages live. */
  adopt(): Promise<void>;
  /** The page goes to sleep or ends, and another may take over what it has stored. */
  sleep(): void;
  /** The page lives again: what is on the device may be another's by now. */
  wake(): void;
  /** Watches Telegram's bridge; later calls do nothing. */
  watchTelegram(onEvent: (event: string, data: TelegramEventData) => void): void;
  /** Stops watching it. */
  unwatch(): void;
}

/** What delivery needs of the client. */
export interface DeliveryDeps {
  readonly environment: Environment;
  readonly namespace: string;
  readonly endpoint: string;
  readonly fetch: Environment['fetch'];
  /** Ms of waiting after which a batch is dropped. */
  readonly ageMs: number;
  readonly books: Books;
  readonly localCopy: LocalCopy;
  readonly keeper: Keeper;
  readonly custody: Custody;
  readonly outbox: Outbox;
  readonly payload: Payload;
  readonly user: User;
  readonly trouble: Trouble;
  readonly maySend: () => boolean;
  readonly tokenSource: () => AskToken | undefined;
}

export function createDelivery(deps: DeliveryDeps): Delivery {
  const { environment, custody, keeper, outbox, maySend } = deps;
  const store = createStore({ ...deps, isLeft: custody.isReleased, report: deps.trouble.report });
  const leases = createLeases(deps);
  const adoption = createAdoption({ ...deps, store, leases });
  const ages = createAges(deps);
  const tokens = createTokenSource({ ...deps, source: deps.tokenSource });
  const sender = createSender({ ...deps, ages, tokens, transport: createTransport({ ...deps, tokens }) });
  let again: Timer | undefined;
  let unwatch: (() => void) | undefined;
  keeper.attach(store);

  const adopt = async () => {
    if (!maySend()) return;
    environment.clearTimeout(again);
    void tokens.refresh();
    const others = await adoption.adopt();
    sender.kick();
    // A page that lives beside this one may die without a word.
    if (others && maySend()) again = after(environment, ADOPT_AGAIN, adopt);
  };

  return {
    ...sender,
    adopt,
    watchTelegram(onEvent) {
      unwatch ??= watchTelegram(environment, onEvent);
    },
    unwatch: () => unwatch?.(),
    sleep() {
      environment.clearTimeout(again);
      ages.save();
      leases.release(new Set(Array.from(outbox.waiting.values(), ({ entry }) => entry.producer)));
    },
    wake() {
      store.reopen();
      adoption.release();
    },
  };
}
