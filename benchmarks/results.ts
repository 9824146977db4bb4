import type { Library } from './libraries';
import type { Delivery } from './measureDelivery';
import type { EventCost } from './measureEventCost';
import type { LongTasks } from './measureLongTasks';
import type { OurSizes, Size } from './measureSize';
import type { StartUp } from './measureStartUp';
import type { Wire } from './measureWire';

/** All that was measured of one library. */
export interface Measured {
  readonly library: Library;
  readonly size: Size;
  readonly startUp: StartUp;
  readonly cost: EventCost;
  readonly longTasks: LongTasks;
  readonly wire: Wire;
  /** One for each scenario, in their order. */
  readonly deliveries: readonly Delivery[];
}

/** One run of the benchmarks. */
export interface Results {
  readonly date: string;
  readonly machine: string;
  readonly node: string;
  readonly chromium: string;
  readonly ourSizes: OurSizes;
  readonly all: readonly Measured[];
}
