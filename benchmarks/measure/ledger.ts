/** What identifies an event: the batch it came in, the cumulative sum it is part of, or an id of its own. */
export type Counting = 'batches' | 'cumulative' | 'ids';

/** Begins the name of every measured action, and of nothing else that a page sends. */
export const MARK = 'bench_tap';

export interface Ledger {
  /** Counts the events in the text of a body. */
  take(text: string): void;
  /** Events that have arrived. For batches and cumulative sums, as the backend would sum them. */
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

/** Ours: a batch counts once for its (producer, seq), as in the gateway; its points add their values. */
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

/** OpenTelemetry's cumulative sums: the last value of a stream includes all before it. */
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

/** All others: every event has an id in its name, and the bodies are searched for it. */
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

/** Returns a ledger that counts as the backend would. */
export function createLedger(counting: Counting): Ledger {
  if (counting === 'batches') return batchLedger();
  return counting === 'cumulative' ? cumulativeLedger() : idLedger();
}
