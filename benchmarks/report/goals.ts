import { faro, ours } from '../libraries';
import { markdownTable, short } from '../markdownTable';
import { deliveryRows } from '../measure/deliveryRows';
import type { Results } from './results';

/** Runs of a delivery row. */
export const DELIVERY_RUNS = 30;

/** What the project promises, beside what was measured. */
export interface Goal {
  readonly text: string;
  readonly measured: string;
  readonly met: boolean;
}

function atMost(text: string, limit: number, unit: string, value: number | undefined): Goal {
  if (value === undefined) return { text, measured: 'not measured', met: false };
  const digits = Number.isInteger(value) ? value.toLocaleString('en-US') : short(value);
  return { text, measured: `${digits} ${unit}`, met: value <= limit };
}

function sizeGoals({ ourSizes: sizes }: Results): readonly Goal[] {
  const react = sizes && sizes.withReact.all.brotli - sizes.core.all.brotli;
  return [
    atMost('what a page loads before it starts: at most 9,000 B', 9_000, 'B', sizes?.app.eager.brotli),
    atMost('all chunks together: at most 13,000 B', 13_000, 'B', sizes?.app.all.brotli),
    atMost('React bindings: at most 1,500 B over core', 1_500, 'B', react),
  ];
}

function costGoals({ libraries }: Results): readonly Goal[] {
  const { cost, startUp, wire, longTasks } = libraries[ours.name] ?? {};
  const faros = libraries[faro.name]?.startUp;
  const share = startUp && faros && (startUp.total / faros.total) * 100;
  const tasks = longTasks && longTasks.spread + longTasks.throttled + longTasks.burst;
  return [
    atMost('an event of a repeated series: at most 0.5 µs, median', 0.5, 'µs', cost?.repeated.median),
    atMost('an event of a new series: at most 2 µs, median', 2, 'µs', cost?.fresh.median),
    atMost("start-up: at most 10 % of Faro's", 10, '%', share),
    atMost('1,000 taps: at most 3 B a tap', 3, 'B', wire?.bytesPerEvent),
    atMost('no task over 50 ms', 0, 'tasks', tasks),
  ];
}

function deliveryGoals({ libraries }: Results): readonly Goal[] {
  const deliveries = libraries[ours.name]?.deliveries;
  return deliveryRows.map(({ name, title }): Goal => {
    const text = `exactly once in ${DELIVERY_RUNS} of ${DELIVERY_RUNS} runs: ${title}`;
    const summary = deliveries?.[name];
    if (!summary) return { text, measured: 'not measured', met: false };
    const { exact, runs } = summary;
    return { text, measured: `${exact} of ${runs} runs`, met: exact === runs && runs >= DELIVERY_RUNS };
  });
}

/** Returns our goals. What was not measured is not met. */
export const judge = (results: Results): readonly Goal[] => [
  ...sizeGoals(results),
  ...costGoals(results),
  ...deliveryGoals(results),
];

/** Returns the table of our goals. */
export const renderGoals = (results: Results): string =>
  markdownTable(
    ['goal', 'measured', 'verdict'],
    judge(results).map(({ text, measured, met }) => [text, measured, met ? 'met' : '**not met**']),
  );
