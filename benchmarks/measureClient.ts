import { availableParallelism } from 'node:os';
import { startChromium } from '@artel/test-support/browsers/chromium';
import { describeMachine } from './describeMachine';
import { describePackages, type Library } from './libraries';
import { type Bundle, bundleAdapter } from './measure/bundle';
import { measureDelivery } from './measure/delivery';
import type { DeliveryRow } from './measure/deliveryRows';
import { type Delivery, summarize } from './measure/deliverySummary';
import { measureEventCosts } from './measure/eventCost';
import { measureLongTasks } from './measure/longTasks';
import { measureOurSizes, weighBundle } from './measure/sizes';
import { measureStartUps } from './measure/startUp';
import { measureWire } from './measure/wire';
import { DELIVERY_RUNS } from './report/goals';
import type { Measured, Results } from './report/results';

/** The parts of the measurement, in their order: first what needs a quiet machine. */
export const clientParts = ['sizes', 'start-up', 'events', 'tasks', 'wire', 'delivery'] as const;

export type ClientPart = (typeof clientParts)[number];

export interface ClientPlan {
  readonly parts: readonly ClientPart[];
  readonly libraries: readonly Library[];
  readonly rows: readonly DeliveryRow[];
  /** Repetitions, in place of those of each part. */
  readonly runs?: number | undefined;
  /** Called with every result as soon as it is there. */
  readonly save: (results: Results) => void;
}

/** Fresh pages for each start-up, and for each loop of events. */
const START_UPS = 11;
const LOOPS = 3;

/** Browsers at once where time is not measured. They mostly wait: three use less than half of a core. */
const WIDTH = Math.min(12, 3 * availableParallelism());

async function runAtOnce(jobs: readonly (() => Promise<void>)[], width: number): Promise<void> {
  const waiting = jobs.values();
  const work = async () => {
    for (const job of waiting) await job();
  };
  await Promise.all(Array.from({ length: width }, work));
}

/** Runs a job again when the harness failed, say because a browser did not start: such a run measured nothing. */
async function untilItRuns<T>(job: () => Promise<T>, attempts = 3): Promise<T> {
  try {
    return await job();
  } catch (error) {
    if (attempts === 1) throw error;
    console.log(`  a run failed, and is repeated: ${error}`);
    return untilItRuns(job, attempts - 1);
  }
}

/** Returns a function that says, after every `each` runs, how many are left and how long they will take. */
function progressOf(total: number, each: number): () => void {
  const began = performance.now();
  let done = 0;
  return () => {
    done += 1;
    if (done % each > 0) return;
    const minutes = ((performance.now() - began) / 60_000 / done) * (total - done);
    console.log(`  ${done} of ${total} runs, about ${Math.ceil(minutes)} min left`);
  };
}

/** Measures the parts of a plan. */
export async function measureClient({ parts, libraries, rows, runs, save }: ClientPlan): Promise<void> {
  // All at once, so that a build in the meantime cannot mix two versions of ours.
  const bundles = new Map<Library, Bundle>();
  for (const library of libraries) bundles.set(library, await bundleAdapter(library.name));
  const browser = await startChromium();
  const { date, node, chromium } = {
    date: new Date().toISOString().slice(0, 10),
    node: process.versions.node,
    chromium: browser.version(),
  };
  const environment = `${date}. ${describePackages()}. Chromium ${chromium}, headless; Node ${node}; ${describeMachine()}.`;

  const saveAll = (part: ClientPart, measured: Iterable<readonly [Library, Measured]>) =>
    save({
      environments: { [part]: environment },
      libraries: Object.fromEntries([...measured].map(([{ name }, one]) => [name, one])),
    });

  const steps: Readonly<Record<ClientPart, () => Promise<void>>> = {
    async sizes() {
      saveAll(
        'sizes',
        [...bundles].map(([library, bundle]) => [library, { size: weighBundle(bundle) }]),
      );
      save({ environments: {}, libraries: {}, ourSizes: await measureOurSizes() });
    },
    async 'start-up'() {
      const startUps = await measureStartUps(browser, bundles, runs ?? START_UPS);
      saveAll(
        'start-up',
        [...startUps].map(([library, startUp]) => [library, { startUp }]),
      );
    },
    async events() {
      const costs = await measureEventCosts(browser, bundles, runs ?? LOOPS);
      saveAll(
        'events',
        [...costs].map(([library, cost]) => [library, { cost }]),
      );
    },
    async tasks() {
      for (const [library, bundle] of bundles)
        saveAll('tasks', [[library, { longTasks: await measureLongTasks(browser, library, bundle) }]]);
    },
    async wire() {
      const jobs = [...bundles].map(([library, bundle]) => async () => {
        saveAll('wire', [[library, { wire: await measureWire(browser, library, bundle) }]]);
      });
      await runAtOnce(jobs, WIDTH);
    },
    async delivery() {
      const each = rows.length * libraries.length;
      const count = runs ?? DELIVERY_RUNS;
      const tick = progressOf(each * count, each);
      const cells = rows.flatMap((row) =>
        [...bundles].map(([library, bundle]) => {
          const done: Delivery[] = [];
          return async () => {
            done.push(await untilItRuns(() => measureDelivery(row, library, bundle)));
            saveAll('delivery', [[library, { deliveries: { [row.name]: summarize(done) } }]]);
            tick();
          };
        }),
      );
      // Run after run, and in each the libraries in turns: a busy hour of the machine affects all alike.
      await runAtOnce(Array.from({ length: count }, () => cells).flat(), WIDTH);
    },
  };

  try {
    for (const part of parts) {
      console.log(`${part} …`);
      await steps[part]();
    }
  } finally {
    await browser.close();
  }
}
