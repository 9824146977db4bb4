// The chunk that a page loads after it has started: delivery by fetch, adoption of what earlier pages left, and the
// patterns of the scrubber. Until it is there, events are recorded, journaled, copied and sent by beacon without it.
import { scrubText } from '@artel/telemetry-protocol/scrub';
import { adoptOrphans } from './keep/adopt';
import type { Custody } from './keep/custody';
import type { Keeper } from './keep/keeper';
import { createLeases } from './keep/lease';
import type { LocalCopy } from './keep/localCopy';
import type { Store } from './keep/store';
import { after, type Environment, type Timer } from './page/environment';
import type { Payload } from './send/beacon';
import type { Books } from './send/books';
import type { Outbox } from './send/outbox';
import { createSender, type Sender } from './send/sender';
import { createTokenSource } from './send/token';
import { createTransport } from './send/transport';
import type { AskToken } from './telemetry';
import type { Trouble } from './trouble';
import type { User } from './user';

export { scrubText };

/** Ms after which the records of pages that seemed to live are looked at again. */
const ADOPT_AGAIN = 30_000;

/** What delivers, once it is loaded. */
export interface Delivery extends Sender {
  /** Takes over what dead pages left, and goes on looking while others live. */
  adopt(): Promise<void>;
  /** Releases what was taken over: the page goes to sleep or ends. */
  release(): void;
}

/** What delivery needs of the client. */
export interface DeliveryDeps {
  readonly environment: Environment;
  readonly namespace: string;
  readonly endpoint: string;
  readonly fetch: Environment['fetch'];
  readonly books: Books;
  readonly store: Store;
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
  const { environment, maySend } = deps;
  const leases = createLeases(deps);
  const tokens = createTokenSource({ ...deps, source: deps.tokenSource });
  const sender = createSender({ ...deps, tokens, transport: createTransport({ ...deps, tokens }) });
  const claimed = new Set<string>();
  let again: Timer | undefined;

  const adopt = async () => {
    if (!maySend()) return;
    environment.clearTimeout(again);
    void tokens.refresh();
    const others = await adoptOrphans({ ...deps, leases }, claimed);
    sender.kick();
    // A page that lives beside this one may die without a word.
    if (others && maySend()) again = after(environment, ADOPT_AGAIN, adopt);
  };

  return {
    ...sender,
    adopt,
    release() {
      environment.clearTimeout(again);
      claimed.clear();
      leases.release();
    },
  };
}
