import { type BrowserMetricName, browserSeries } from './browserSeries';

/** One metric of a catalogue: its kind, help, labels and limits. */
export interface MetricDefinition {
  /** As Prometheus shows it. */
  readonly name: string;
  readonly kind: 'counter' | 'histogram';
  readonly help: string;
  /** The labels of its series; any other label stays on the event's log line. */
  readonly labels: readonly string[];
  /** The values that an app has declared, by label; a label that is not listed accepts any value. */
  readonly values?: Readonly<Record<string, readonly string[]>>;
  /** Upper bounds of a histogram's buckets, ascending, without `+Inf`; in the unit that the name ends with. */
  readonly buckets?: readonly number[];
  /** The most series of one tenant; events beyond that are counted under `overflow="true"`. */
  readonly maxSeries: number;
}

/** Definitions of metrics by name. */
export type Catalogue = ReadonlyMap<string, MetricDefinition>;

interface Server {
  readonly kind: MetricDefinition['kind'];
  readonly help: string;
  readonly buckets?: readonly number[];
  readonly maxSeries?: number;
}

const DEFAULT_MAX_SERIES = 1_000;

/** Latencies of requests and page loads, in ms: the seed's HTTP buckets, and 30 s for poor networks. */
const latencyBuckets = [10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000];

// The bounds between good, needs improvement and poor (https://web.dev/articles/defining-core-web-vitals-thresholds)
// are bucket bounds, so that the share of good visits is exact.
const server: Record<BrowserMetricName, Server> = {
  user_action_total: { kind: 'counter', help: 'Actions that players took in the app.', maxSeries: 2_000 },
  page_load_duration_ms: {
    kind: 'histogram',
    help: 'Time from navigation start to the end of the load event, in milliseconds.',
    buckets: latencyBuckets,
  },
  api_request_duration_ms: {
    kind: 'histogram',
    help: 'Duration of API requests as the page saw them, in milliseconds.',
    buckets: latencyBuckets,
    maxSeries: 2_000,
  },
  game_event_total: { kind: 'counter', help: 'Game events by type of event and of game.' },
  frontend_error_total: { kind: 'counter', help: 'Errors caught in the page.' },
  web_vital_lcp_ms: {
    kind: 'histogram',
    help: 'Largest Contentful Paint, in milliseconds.',
    buckets: [500, 1_000, 1_500, 2_000, 2_500, 3_000, 4_000, 6_000, 10_000],
  },
  web_vital_inp_ms: {
    kind: 'histogram',
    help: 'Interaction to Next Paint, in milliseconds.',
    buckets: [16, 50, 100, 150, 200, 300, 500, 1_000, 2_500],
  },
  web_vital_cls: {
    kind: 'histogram',
    help: 'Cumulative Layout Shift, unitless.',
    buckets: [0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1],
  },
  web_vital_fcp_ms: {
    kind: 'histogram',
    help: 'First Contentful Paint, in milliseconds.',
    buckets: [250, 500, 1_000, 1_800, 2_500, 3_000, 5_000, 10_000],
  },
  web_vital_ttfb_ms: {
    kind: 'histogram',
    help: 'Time to First Byte of the page, in milliseconds.',
    buckets: [50, 100, 200, 400, 800, 1_200, 1_800, 3_000, 6_000],
  },
};

/** The events that clients dropped: counted from a batch's `dropped`, never from its `metrics`. */
export const droppedMetric: MetricDefinition = {
  name: 'telemetry_dropped_total',
  kind: 'counter',
  help: 'Events that a client dropped before delivery, by reason.',
  labels: ['reason'],
  maxSeries: 50,
};

/** Makes a catalogue of definitions. Throws a `TypeError` that names a metric defined twice. */
export function createCatalogue(definitions: Iterable<MetricDefinition>): Catalogue {
  const catalogue = new Map<string, MetricDefinition>();
  for (const definition of definitions) {
    if (catalogue.has(definition.name)) {
      throw new TypeError(`catalogue: ${definition.name} is defined twice`);
    }
    catalogue.set(definition.name, definition);
  }
  return catalogue;
}

function browserDefinitions(): MetricDefinition[] {
  const names = Object.keys(browserSeries) as BrowserMetricName[];
  return names.map((name) => ({
    name,
    labels: browserSeries[name].labels,
    maxSeries: DEFAULT_MAX_SERIES,
    ...server[name],
  }));
}

/** Every metric that a browser may send, under the seed's names, and `telemetry_dropped_total`. */
export const browserCatalogue: Catalogue = /* @__PURE__ */ createCatalogue([
  .../* @__PURE__ */ browserDefinitions(),
  droppedMetric,
]);
