import { readFileSync } from 'node:fs';
import { libraries, ours } from '../libraries';
import { kilobytes, markdownTable, short } from '../markdownTable';
import { deliveryRows } from '../measure/deliveryRows';
import type { DeliverySummary } from '../measure/deliverySummary';
import type { BundleSize } from '../measure/sizes';
import { renderGoals } from './goals';
import type { Measured, Results } from './results';

/** A column of a table: its title, and the text for a library, which is nothing if that was not measured. */
type Column = readonly [title: string, text: (measured: Measured) => string | undefined];

const NOT_MEASURED = '–';

/** A table with a row for each library of which anything is known. */
function libraryTable({ libraries: all }: Results, title: string, columns: readonly Column[]): string {
  const rows = libraries.flatMap(({ name, title }) => {
    const measured = all[name];
    if (!measured) return [];
    const cells = columns.map(([, text]) => text(measured));
    return cells.some((cell) => cell !== undefined)
      ? [[title, ...cells.map((cell) => cell ?? NOT_MEASURED)]]
      : [];
  });
  return markdownTable([title, ...columns.map(([head]) => head)], rows);
}

/** The text of a number that may not have been measured. */
const shortOf = (value: number | undefined) => (value === undefined ? undefined : short(value));

function renderRatios(results: Results): string {
  const { [ours.name]: own, ...others } = results.libraries;
  const ratio = (title: string, of: (measured: Measured) => number | undefined): Column => [
    title,
    (measured) => {
      const [theirs, mine] = [of(measured), own && of(own)];
      return theirs === undefined || mine === undefined ? undefined : `${short(theirs / mine)}×`;
    },
  ];
  return libraryTable({ ...results, libraries: others }, 'as a multiple of ours', [
    ratio('size before start', ({ size }) => size?.eager.brotli),
    ratio('size', ({ size }) => size?.all.brotli),
    ratio('start-up', ({ startUp }) => startUp?.total),
    ratio('event, repeated', ({ cost }) => cost?.repeated.median),
    ratio('event, new', ({ cost }) => cost?.fresh.median),
    ratio('wire', ({ wire }) => wire?.bytesPerEvent),
  ]);
}

/** A share in percent. What is not quite all or nothing never reads as if it were. */
function percent(share: number): string {
  if (share === 0 || share === 1) return `${share * 100} %`;
  return `${Math.min(99.9, Math.max(0.1, share * 100)).toFixed(1)} %`;
}

function renderSummary({ share, worst, duplicates, runs, exact }: DeliverySummary): string {
  const twice = duplicates > 0 ? `, ${duplicates.toLocaleString('en-US')} twice` : '';
  if (exact === runs) return `100 % (0 of ${runs})`;
  return `${percent(share)}${twice} (worst ${percent(worst)}, ${runs - exact} of ${runs})`;
}

const renderDeliveries = (results: Results) =>
  libraryTable(
    results,
    'delivered',
    deliveryRows.map(
      ({ name, title }): Column => [
        title,
        ({ deliveries }) => {
          const summary = deliveries?.[name];
          return summary && renderSummary(summary);
        },
      ],
    ),
  );

function renderPatience({ libraries: all }: Results): string {
  const rows = libraries.flatMap(({ name, title, patience }) => {
    const arrivals = Object.values(all[name]?.deliveries ?? {}).map(({ lastArrival }) => lastArrival);
    return arrivals.length > 0 ? [[title, patience, Math.max(...arrivals).toFixed(1)]] : [];
  });
  return markdownTable(['seconds after the last step', 'waited at most', 'latest arrival'], rows);
}

const renderSizes = (results: Results) =>
  libraryTable(results, 'kB', [
    ['before start, brotli', ({ size }) => size && kilobytes(size.eager.brotli)],
    ['all, brotli', ({ size }) => size && kilobytes(size.all.brotli)],
    ['all, gzip', ({ size }) => size && kilobytes(size.all.gzip)],
    ['all, minified', ({ size }) => size && kilobytes(size.all.minified)],
  ]);

function renderOurSizes({ ourSizes }: Results): string {
  if (!ourSizes) return NOT_MEASURED;
  const { app, core, withReact, bare, webVitals } = ourSizes;
  const rows: readonly (readonly [string, BundleSize])[] = [
    ['`initTelemetry`, `ErrorBoundary`, `useMetrics` and every integration', app],
    ['every export of core', core],
    ['every export of core and of the React bindings', withReact],
    ['`createTelemetry` alone', bare],
    ['for comparison: the five metrics of web-vitals', webVitals],
  ];
  return markdownTable(
    ['bytes, without React and Sentry', 'before start, brotli', 'all, brotli', 'all, gzip', 'all, minified'],
    rows.map(([text, { eager, all }]) => [text, eager.brotli, all.brotli, all.gzip, all.minified]),
  );
}

const renderStartUp = (results: Results) =>
  libraryTable(results, 'ms at 4× CPU throttling', [
    ['script', ({ startUp }) => shortOf(startUp?.evaluate)],
    ['`start`', ({ startUp }) => shortOf(startUp?.start)],
    ['together', ({ startUp }) => shortOf(startUp?.total)],
  ]);

const renderCost = (results: Results) =>
  libraryTable(results, 'µs a call', [
    ['repeated, median', ({ cost }) => shortOf(cost?.repeated.median)],
    ['repeated, mean', ({ cost }) => shortOf(cost?.repeated.mean)],
    ['new, median', ({ cost }) => shortOf(cost?.fresh.median)],
    ['new, mean', ({ cost }) => shortOf(cost?.fresh.mean)],
  ]);

const renderLongTasks = (results: Results) =>
  libraryTable(results, 'tasks over 50 ms', [
    ['5,000 events over 5 s', ({ longTasks }) => longTasks?.spread.toString()],
    ['the same at 4× CPU throttling', ({ longTasks }) => longTasks?.throttled.toString()],
    ['5,000 events in one task', ({ longTasks }) => longTasks?.burst.toString()],
  ]);

const renderWire = (results: Results) =>
  libraryTable(results, '1,000 taps', [
    ['requests', ({ wire }) => wire?.requests.toString()],
    ['bytes of bodies', ({ wire }) => wire?.bytes.toString()],
    ['bytes a tap', ({ wire }) => shortOf(wire?.bytesPerEvent)],
  ]);

/** Where the parts were measured, those of one environment together. */
function renderEnvironments({ environments }: Results): string {
  const partsOf = new Map<string, string[]>();
  for (const [part, environment] of Object.entries(environments))
    partsOf.set(environment, [...(partsOf.get(environment) ?? []), part]);
  return [...partsOf].map(([environment, parts]) => `- ${parts.join(', ')}: ${environment}`).join('\n');
}

/** Returns the whole of RESULTS.md. What was not measured reads "–". */
export function renderReport(results: Results): string {
  const sections: readonly (readonly [string, string])[] = [
    ['Ratios', `${renderRatios(results)}\n\nAbove 1×, the other costs more than ours.`],
    [
      'Delivery',
      `Share of all recorded events; in parentheses the worst run, and how many runs lost or doubled an event.\n\n${renderDeliveries(results)}`,
    ],
    ['Our goals', renderGoals(results)],
    ['Size', `${renderSizes(results)}\n\nOurs in detail:\n\n${renderOurSizes(results)}`],
    ['Start-up', renderStartUp(results)],
    ['Cost of an event', renderCost(results)],
    ['Long tasks', renderLongTasks(results)],
    ['Bytes on the wire', renderWire(results)],
    ['Versions and machine', renderEnvironments(results)],
    ['How long a delivery is waited for', renderPatience(results)],
  ];
  const body = sections.map(([title, text]) => `## ${title}\n\n${text}`).join('\n\n');
  const method = readFileSync(new URL('method.md', import.meta.url), 'utf8');
  return `# Benchmarks\n\nWritten by \`npm run bench\` from results.json.\n\n${body}\n\n${method}`;
}
