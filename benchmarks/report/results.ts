import { readFileSync, writeFileSync } from 'node:fs';
import type { DeliverySummary } from '../measure/deliverySummary';
import type { EventCost } from '../measure/eventCost';
import type { LongTasks } from '../measure/longTasks';
import type { BundleSize, OurSizes } from '../measure/sizes';
import type { StartUp } from '../measure/startUp';
import type { Wire } from '../measure/wire';

/** What was measured of one library. */
export interface Measured {
  readonly size?: BundleSize;
  readonly startUp?: StartUp;
  readonly cost?: EventCost;
  readonly longTasks?: LongTasks;
  readonly wire?: Wire;
  /** By the row's name. */
  readonly deliveries?: Readonly<Record<string, DeliverySummary>>;
}

/** All that was measured, in one run or in several. */
export interface Results {
  /** When, where and of which versions each part was measured, by the part's name. */
  readonly environments: Readonly<Record<string, string>>;
  readonly ourSizes?: OurSizes;
  /** By the library's name. */
  readonly libraries: Readonly<Record<string, Measured>>;
}

/** The results of nothing. */
export const NO_RESULTS: Results = { environments: {}, libraries: {} };

/** Returns both, the later where there are two: later runs of a row replace the earlier runs of that row and library. */
export function mergeResults(before: Results, later: Results): Results {
  const libraries = { ...before.libraries };
  for (const [name, measured] of Object.entries(later.libraries)) {
    const known = libraries[name];
    const deliveries = { ...known?.deliveries, ...measured.deliveries };
    libraries[name] = { ...known, ...measured, deliveries };
  }
  const environments = { ...before.environments, ...later.environments };
  return { ...before, ...later, environments, libraries };
}

const file = new URL('../results.json', import.meta.url);

/** Returns the results of earlier runs. */
export function readResults(): Results {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return NO_RESULTS;
    throw error;
  }
}

/** Keeps the results for later runs. */
export function writeResults(results: Results): void {
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
}
