import type { Keeper } from '../keep/keeper';
import type { Environment } from '../page/environment';
import type { Outbox, Waiting } from './outbox';

/** Measures how long batches have waited, over all the pages that have waited with them. */
export interface Ages {
  /** Drops what has waited too long. */
  dropOld(): void;
  /** Stores how long entries have waited, if that is `STEP` or more in this page. */
  save(): void;
}

/** Shorter waits, in ms, are not worth a write. */
const STEP = 3_600_000;

interface AgesDeps {
  readonly environment: Environment;
  readonly outbox: Outbox;
  readonly keeper: Keeper;
  /** Ms of waiting after which a batch is dropped. */
  readonly ageMs: number;
}

export function createAges({ environment, outbox, keeper, ageMs }: AgesDeps): Ages {
  const here = ({ since }: Waiting) => environment.performance.now() - since;
  return {
    dropOld() {
      for (const item of outbox.waiting.values()) {
        const { entry } = item;
        if (entry.waited + here(item) > ageMs && entry !== outbox.held) outbox.drop(entry, 'age');
      }
    },
    save() {
      for (const item of outbox.waiting.values()) {
        const waited = here(item);
        if (waited < STEP) continue;
        item.entry.waited += waited;
        item.since += waited;
        void keeper.put([item.entry]);
      }
    },
  };
}
