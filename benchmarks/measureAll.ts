import { startChromium } from '@artel/test-support/browsers/chromium';
import { bundleScript } from './bundle';
import { describeMachine } from './describeMachine';
import { inTurns } from './inTurns';
import { type Library, libraries } from './libraries';
import { measureDelivery, scenarios } from './measureDelivery';
import { measureEventCost } from './measureEventCost';
import { measureLongTasks } from './measureLongTasks';
import { measureOurSizes, measureSize } from './measureSize';
import { measureStartUp } from './measureStartUp';
import { measureWire } from './measureWire';
import type { Measured, Results } from './results';

/** Fresh pages for each start-up, and for each loop of events. */
const START_UPS = 11;
const LOOPS = 3;

/** Browsers at once where time is not what is measured. */
const WIDTH = 6;

/** Measures everything: first what needs a quiet machine, one thing after the other, then the rest side by side. */
export async function measureAll(): Promise<Results> {
  const scripts = new Map<string, string>();
  for (const { name } of libraries) scripts.set(name, await bundleScript(name));
  // Now, so that a build during the run cannot mix two versions of ours.
  const ourSizes = await measureOurSizes();
  const sizes = await Promise.all(libraries.map(measureSize));
  const scriptOf = ({ name }: Library) => scripts.get(name) ?? '';

  const browser = await startChromium();
  try {
    console.log('Start-up …');
    const startUps = await measureStartUp(browser, libraries, scripts, START_UPS);
    console.log('Cost of an event, long tasks …');
    const timed = [];
    for (const [index, library] of libraries.entries()) {
      const script = scriptOf(library);
      const startUp = startUps.get(library.name);
      const size = sizes[index];
      if (!startUp || !size) throw new Error(`no start-up or size of ${library.name}`);
      const cost = await measureEventCost(browser, library, script, LOOPS);
      const longTasks = await measureLongTasks(browser, library, script);
      timed.push({ library, size, startUp, cost, longTasks });
    }
    console.log('Bytes on the wire …');
    const wires = await inTurns(
      libraries.map((library) => () => measureWire(browser, library, scriptOf(library))),
      WIDTH,
    );
    console.log('Delivery …');
    const jobs = libraries.flatMap((library) =>
      scenarios.map((scenario) => () => measureDelivery(scenario, library, scriptOf(library))),
    );
    const deliveries = await inTurns(jobs, WIDTH);
    const all = timed.flatMap((one, index): readonly Measured[] => {
      const wire = wires[index];
      const own = deliveries.slice(index * scenarios.length, (index + 1) * scenarios.length);
      return wire ? [{ ...one, wire, deliveries: own }] : [];
    });
    return {
      date: new Date().toISOString().slice(0, 10),
      machine: describeMachine(),
      node: process.versions.node,
      chromium: browser.version(),
      ourSizes,
      all,
    };
  } finally {
    await browser.close();
  }
}
