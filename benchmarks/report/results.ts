import { readFileSync, writeFileSync } from 'node:fs';
import type { Delivery } from '../measure/delivery';
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
  /** The runs of each row, by the row's name. */
  readonly deliveries?: Readonly<Record<string, readonly Delivery[]>>;
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

/** Returns both, the later where there are two. A row of one library is one thing: its later runs replace the earlier. */
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
  writeFileSync(file, `${JSON.stringify(results, null, 1)}\n`);
}

/** All runs of a row together. */
export interface DeliverySummary {
  readonly runs: number;
  /** Share of the recorded events that arrived, over all runs and in the worst of them. */
  readonly share: number;
  readonly worst: number;
  readonly duplicates: number;
  /** Runs in which every event arrived and none was counted twice. */
  readonly exact: number;
  /** Seconds from the last step to the last arrival, the longest of all runs. */
  readonly lastArrival: number;
}

/** Returns all runs of a row together; nothing if there are none. */
export function summarize(runs: readonly Delivery[] = []): DeliverySummary | undefined {
  if (runs.length === 0) return undefined;
  const sum = (of: (run: Delivery) => number) => runs.reduce((total, run) => total + of(run), 0);
  return {
    runs: runs.length,
    share: sum(({ delivered }) => delivered) / sum(({ sent }) => sent),
    worst: Math.min(...runs.map(({ delivered, sent }) => delivered / sent)),
    duplicates: sum(({ duplicates }) => duplicates),
    exact: runs.filter(({ delivered, sent, duplicates }) => delivered === sent && duplicates === 0).length,
    lastArrival: Math.max(...runs.map(({ lastArrival }) => lastArrival)),
  };
}
