import { find, renderGoals } from './goals';
import { libraries, ours, versionOf } from './libraries';
import { kilobytes, markdownTable, short } from './markdownTable';
import { type Delivery, scenarios } from './measureDelivery';
import type { Size } from './measureSize';
import type { Measured, Results } from './results';

function renderRatios(results: Results): string {
  const own = find(results, ours.name);
  const ratio = (measure: (of: Measured) => number) => (one: Measured) =>
    `${short(measure(one) / measure(own))}×`;
  const columns: readonly ((one: Measured) => string)[] = [
    ratio(({ size }) => size.brotli),
    ratio(({ startUp }) => startUp.total),
    ratio(({ cost }) => cost.repeated.median),
    ratio(({ cost }) => cost.fresh.median),
    ratio(({ wire }) => wire.bytesPerEvent),
  ];
  return markdownTable(
    ['as a multiple of ours', 'size', 'start-up', 'event, repeated', 'event, new', 'wire'],
    results.all
      .filter((one) => one !== own)
      .map((one) => [one.library.title, ...columns.map((column) => column(one))]),
  );
}

function renderDelivery({ sent, delivered, duplicates }: Delivery): string {
  const share = `${((delivered / sent) * 100).toFixed(delivered === sent || delivered === 0 ? 0 : 1)} %`;
  return duplicates === 0 ? share : `${share}, ${duplicates} twice`;
}

const renderDeliveries = ({ all }: Results) =>
  markdownTable(
    ['delivered', ...scenarios.map(({ title }) => title)],
    all.map(({ library, deliveries }) => [library.title, ...deliveries.map(renderDelivery)]),
  );

const renderSizes = ({ all }: Results) =>
  markdownTable(
    ['kB', 'minified', 'gzip', 'brotli'],
    all.map(({ library, size }) => [
      library.title,
      kilobytes(size.minified),
      kilobytes(size.gzip),
      kilobytes(size.brotli),
    ]),
  );

function renderOurSizes({ ourSizes }: Results): string {
  const { whole, withoutWebVitals, bare, withReact, webVitals } = ourSizes;
  const rows: readonly (readonly [string, Size])[] = [
    ['every export of core, web-vitals included', whole],
    ['the same without the web-vitals package', withoutWebVitals],
    ['`createTelemetry` alone', bare],
    ['every export of core and of the React bindings, without React and Sentry', withReact],
    ['for comparison: the five metrics of web-vitals alone', webVitals],
  ];
  return markdownTable(
    ['bytes', 'minified', 'gzip', 'brotli'],
    rows.map(([text, { minified, gzip, brotli }]) => [text, minified, gzip, brotli]),
  );
}

const renderStartUp = ({ all }: Results) =>
  markdownTable(
    ['ms at 4× CPU throttling', 'script', '`start`', 'together'],
    all.map(({ library, startUp }) => [
      library.title,
      short(startUp.evaluate),
      short(startUp.start),
      short(startUp.total),
    ]),
  );

const renderCost = ({ all }: Results) =>
  markdownTable(
    ['µs a call', 'repeated, median', 'repeated, mean', 'new, median', 'new, mean'],
    all.map(({ library, cost }) => [
      library.title,
      ...[cost.repeated.median, cost.repeated.mean, cost.fresh.median, cost.fresh.mean].map(short),
    ]),
  );

const renderLongTasks = ({ all }: Results) =>
  markdownTable(
    [
      'tasks over 50 ms',
      '5,000 events over 5 s',
      'the same at 4× CPU throttling',
      '5,000 events in one task',
    ],
    all.map(({ library, longTasks }) => [
      library.title,
      longTasks.spread,
      longTasks.throttled,
      longTasks.burst,
    ]),
  );

const renderWire = ({ all }: Results) =>
  markdownTable(
    ['1,000 taps', 'requests', 'bytes of bodies', 'bytes a tap'],
    all.map(({ library, wire }) => [library.title, wire.requests, wire.bytes, short(wire.bytesPerEvent)]),
  );

const renderVersions = () =>
  libraries
    .flatMap(({ packages }) => packages)
    .map((name) => `${name} ${versionOf(name)}`)
    .join(', ');

const METHOD = `Every library is used through the same two functions (\`adapters/\`), bundled by esbuild (ES2020, minified,
\`NODE_ENV\` production), against one server on loopback; no other host resolves. Options are the library's defaults, except:
OpenTelemetry's metrics leave every 5 s as ours do (60 s by default); Faro keeps a tap that is like the one before (it drops it by
default); PostHog's limit of 10 events a second and its bot filter are off; PostHog loads nothing from its hosts. An event is
\`trackUserAction\` of ours and of the seed's class, \`pushEvent\` of Faro, \`metrics.count\` of Sentry, a counter's \`add\` of
OpenTelemetry, \`capture\` of PostHog, \`addAction\` of Datadog. The seed's class is our own minimal writing of it.

- **Size**: brotli at quality 11; 1 kB is 1,000 bytes. The libraries do not do the same: ours has web vitals, page load, API calls and
  errors; Sentry is without tracing and replay, OpenTelemetry without automatic instrumentation, Datadog without replay.
- **Start-up**: an inline script (no code cache) and the call of \`start\`, by \`performance.now\` on a fresh page of a browser that
  runs; the median of 11 pages, the libraries in turns. What a library defers to a later task is not in it.
- **Event**: 10,000 calls in one task on a fresh page, not warmed up, in 100 timed groups of 100 (a single call is below the timer's
  5 µs). Median: of the groups; mean: of the whole loop. Both are medians of 3 pages. Whatever a library seals, sends or drops in the loop is in
  it: Datadog takes 3,000 actions a minute and drops the rest, OpenTelemetry merges the series beyond its 2,000.
- **Long tasks**: by the browser's own \`longtask\` entries, from the first event to 6 s after the last.
- **Wire**: a tap every 5 ms; bodies only, no headers, as compressed by the library; all that it posts in that time.
- **Delivery**: the server counts what it answered 2xx. For ours a ledger takes each (producer, seq) once and adds up the points' values;
  for OpenTelemetry the last value of each cumulative stream; for the others every event has an id, and the bodies are searched for it. So ours and
  OpenTelemetry's count one series, which they merge, and the others single events. *Twice* is
  what a backend without deduplication counts twice. Each row is one run in a browser of its own; it ends at full delivery, or
  45 s after the last step, and 6 s more for late copies. Offline lasts 8 s before the
  tab is closed. After a reopening no new event is sent. In the outage connections are cut without
  an answer, which Datadog takes for a blocker and does not retry while \`navigator.onLine\`. *Killed* is a crash of the
  page's process 500 ms after the last event.`;

const NOT_MEASURED = `Real phones, Firefox, Safari and Telegram's WebViews; real networks (loopback has no latency, so what a closing page
loses is underrated); memory; the peers' own backends, which may deduplicate; request headers; the gateway's throughput; spread over
repetitions of the delivery rows, each of which is one run.`;

/** The whole of RESULTS.md. */
export function renderReport(results: Results): string {
  const sections: readonly (readonly [string, string])[] = [
    ['Ratios', `${renderRatios(results)}\n\nAbove 1× the other costs more than ours.`],
    ['Delivery', renderDeliveries(results)],
    ['Our goals', renderGoals(results)],
    ['Size', `${renderSizes(results)}\n\nOurs in detail:\n\n${renderOurSizes(results)}`],
    ['Start-up', renderStartUp(results)],
    ['Cost of an event', renderCost(results)],
    ['Long tasks', renderLongTasks(results)],
    ['Bytes on the wire', renderWire(results)],
    [
      'Versions and machine',
      `${results.date}. ${renderVersions()}. Chromium ${results.chromium}, headless; Node ${results.node}; ${results.machine}.`,
    ],
    ['Method', METHOD],
    ['Not measured', NOT_MEASURED],
  ];
  const body = sections.map(([title, text]) => `## ${title}\n\n${text}`).join('\n\n');
  return `# Benchmarks\n\nWritten by \`npm run bench\`.\n\n${body}\n`;
}
