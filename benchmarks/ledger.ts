/** How a library's deliveries are counted. */
export type Counting = 'batches' | 'cumulative' | 'ids';

/** Prefix of every measured action; nothing else on a page sends it. */
export const MARK = 'bench_tap';

export interface Ledger {
  /** Takes in the text of a body that was answered with 2xx. */
  take(text: string): void;
  /** Events that have arrived, each counted as often as the backend would count it. */
  readonly delivered: number;
  /** Events that the backend would count more than once. */
  readonly duplicates: number;
}

interface Point {
  readonly name?: string;
  readonly value?: number;
  readonly labels?: { readonly action?: string };
}

interface Batch {
  readonly producer?: string;
  readonly seq?: number;
  readonly metrics?: readonly Point[];
}

interface DataPoint {
  readonly startTimeUnixNano: string;
  readonly attributes?: readonly { readonly value?: { readonly stringValue?: string } }[];
  readonly asDouble?: number;
  readonly asInt?: string | number;
}

interface Otlp {
  readonly resourceMetrics?: readonly {
    readonly scopeMetrics: readonly {
      readonly metrics: readonly { readonly sum?: { readonly dataPoints: readonly DataPoint[] } }[];
    }[];
  }[];
}

/** Ours: a batch counts once for its (producer, seq), as in the gateway; its points count with their values. */
function batchLedger(): Ledger {
  const seen = new Set<string>();
  let delivered = 0;
  return {
    take(text) {
      const { producer, seq, metrics = [] } = JSON.parse(text) as Batch;
      const key = `${producer}:${seq}`;
      if (seen.has(key)) return;
      seen.add(key);
      for (const { name, value = 1, labels } of metrics) {
        if (name === 'user_action_total' && labels?.action?.startsWith(MARK)) delivered += value;
      }
    },
    get delivered() {
      return delivered;
    },
    duplicates: 0,
  };
}

/** OpenTelemetry's cumulative sums: the last value of a stream stands for all before it. */
function cumulativeLedger(): Ledger {
  const streams = new Map<string, number>();
  const points = (body: Otlp) =>
    (body.resourceMetrics ?? [])
      .flatMap(({ scopeMetrics }) => scopeMetrics)
      .flatMap(({ metrics }) => metrics)
      .flatMap(({ sum }) => sum?.dataPoints ?? []);
  return {
    take(text) {
      for (const { startTimeUnixNano, attributes = [], asDouble, asInt } of points(
        JSON.parse(text) as Otlp,
      )) {
        const action = attributes[0]?.value?.stringValue ?? '';
        if (!action.startsWith(MARK)) continue;
        const stream = `${startTimeUnixNano} ${action}`;
        streams.set(stream, Math.max(streams.get(stream) ?? 0, asDouble ?? Number(asInt ?? 0)));
      }
    },
    get delivered() {
      return [...streams.values()].reduce((sum, value) => sum + value, 0);
    },
    duplicates: 0,
  };
}

/** All others: every event bears an id of its own in its name, and the bodies are searched for them. */
function idLedger(): Ledger {
  const seen = new Map<string, number>();
  return {
    take(text) {
      for (const id of new Set(text.match(new RegExp(`${MARK}_\\d+_`, 'g')) ?? [])) {
        seen.set(id, (seen.get(id) ?? 0) + 1);
      }
    },
    get delivered() {
      return seen.size;
    },
    get duplicates() {
      return [...seen.values()].filter((times) => times > 1).length;
    },
  };
}

/** A new ledger that counts as the given backend would. */
export function createLedger(counting: Counting): Ledger {
  if (counting === 'batches') return batchLedger();
  return counting === 'cumulative' ? cumulativeLedger() : idLedger();
}
