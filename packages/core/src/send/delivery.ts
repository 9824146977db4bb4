import type { Delivery, DeliveryDeps } from '../later';
import type { Scrubber } from '../record/scrubber';

/** The delivery that comes with the chunk after the start. */
export interface LazyDelivery {
  /** Returns it if it is loaded. */
  loaded(): Delivery | undefined;
  /** Loads it. Resolves to `undefined` where the chunk does not arrive; the next call tries again. Never rejects. */
  load(): Promise<Delivery | undefined>;
}

interface LazyDeliveryDeps extends DeliveryDeps {
  readonly scrub: Scrubber;
}

export function createLazyDelivery(deps: LazyDeliveryDeps): LazyDelivery {
  let delivery: Delivery | undefined;
  return {
    loaded: () => delivery,
    async load() {
      try {
        const later = await import('../later');
        deps.scrub.full = later.scrubText;
        deps.user.scrub();
        delivery ??= later.createDelivery(deps);
      } catch {
        // Beacons go on, and the next page takes over what they do not carry.
      }
      return delivery;
    },
  };
}
