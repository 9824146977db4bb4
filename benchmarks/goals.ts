import { faro, ours } from './libraries';
import { markdownTable, short } from './markdownTable';
import { scenarios } from './measureDelivery';
import type { Measured, Results } from './results';

interface Goal {
  readonly text: string;
  readonly measured: string;
  readonly met: boolean;
}

/** What one library's results are, which must be there. */
export function find(results: Results, name: string): Measured {
  const found = results.all.find(({ library }) => library.name === name);
  if (!found) throw new Error(`nothing was measured of ${name}`);
  return found;
}

function atMost(text: string, value: number, limit: number, unit: string): Goal {
  const digits = Number.isInteger(value) ? value.toLocaleString('en-US') : short(value);
  return { text, measured: `${digits} ${unit}`, met: value <= limit };
}

function sizeGoals({ ourSizes }: Results): readonly Goal[] {
  const { whole, withoutWebVitals, withReact } = ourSizes;
  return [
    atMost('whole client at most 9,000 B brotli', whole.brotli, 9_000, 'B'),
    atMost('core without web-vitals at most 6,000 B', withoutWebVitals.brotli, 6_000, 'B'),
    atMost('React bindings at most 1,500 B more', withReact.brotli - whole.brotli, 1_500, 'B'),
  ];
}

function costGoals(results: Results): readonly Goal[] {
  const { cost, startUp, wire, longTasks } = find(results, ours.name);
  const share = startUp.total / find(results, faro.name).startUp.total;
  return [
    atMost('an event of a repeated series at most 1 µs, median', cost.repeated.median, 1, 'µs'),
    atMost('an event of a new series at most 3 µs, median', cost.fresh.median, 3, 'µs'),
    { text: "start-up under a tenth of Faro's", measured: `${(share * 100).toFixed(0)} %`, met: share < 0.1 },
    atMost('at most 3 bytes an event for 1,000 taps', wire.bytesPerEvent, 3, 'B'),
    atMost('no task over 50 ms during 5,000 events', longTasks.spread, 0, 'tasks'),
  ];
}

function deliveryGoals(results: Results): readonly Goal[] {
  const { deliveries } = find(results, ours.name);
  return scenarios.flatMap(({ title }, index) => {
    const delivery = deliveries[index];
    if (!delivery) return [];
    const { sent, delivered, duplicates } = delivery;
    const measured = `${delivered.toLocaleString('en-US')} of ${sent.toLocaleString('en-US')}, ${duplicates} twice`;
    return [{ text: `all delivered once: ${title}`, measured, met: delivered === sent && duplicates === 0 }];
  });
}

/** The table of our goals, each with what was measured. */
export function renderGoals(results: Results): string {
  const goals = [...sizeGoals(results), ...costGoals(results), ...deliveryGoals(results)];
  return markdownTable(
    ['Goal', 'Measured', ''],
    goals.map(({ text, measured, met }) => [text, measured, met ? 'met' : '**not met**']),
  );
}
