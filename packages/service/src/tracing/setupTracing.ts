import { context, propagation, type Tracer, type TracerOptions, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { type SpanProcessor, TracerProvider, type TracerProviderOptions } from '@opentelemetry/sdk-trace';
import { type ErrorKeepingOptions, ErrorKeepingTracer } from './errorKeepingTracer';
import { createFailedTraces } from './failedTraces';
import { createHeadSampling } from './headSampling';
import { createSpanOrder } from './spanOrder';
import { createSpanCounts, createSpanQueue, type SpanCounts } from './spanQueue';

/** What {@link setupTracing} is told. */
export interface TracingOptions {
  readonly service: string;
  readonly version?: string;
  readonly environment?: string;
  /** Where spans go by OTLP/HTTP: an address such as `http://tempo:4318`, to which `/v1/traces` is added. */
  readonly endpoint: string;
  /** Headers of each request to the endpoint, for instance its key. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Share of traces that are sampled at their head, from 0 to 1; 0.1 unless given. */
  readonly sampleRatio?: number;
  /** Whether traces that fail are kept though they are not sampled; true unless given. */
  readonly keepErrors?: boolean;
  /** Whether a caller's `sampled` flag is obeyed. Only where all callers are services of one's own: a page marks every request. */
  readonly trustParent?: boolean;
  /** Spans that wait for the endpoint at the most (2,048); how long one waits for others in ms (1,000); ms to send a batch (10,000). */
  readonly maxQueue?: number;
  readonly delay?: number;
  readonly timeout?: number;
  /** Unsampled spans held for their trace's end: at the most (10,000), of one trace (500), and for how many ms (60,000). */
  readonly maxHeld?: number;
  readonly maxHeldPerTrace?: number;
  readonly maxHeldAge?: number;
}

/** The tracing of this process, set up by {@link setupTracing}. */
export interface Tracing {
  readonly tracer: Tracer;
  /** What went out, and what was lost and why. */
  stats(): SpanCounts & { readonly held: number };
  /** Sends what waits; resolves when that is done or dropped. */
  forceFlush(): Promise<void>;
  /** Sends what waits and leaves the process without a tracer. */
  shutdown(): Promise<void>;
}

const SCOPE = '@artel/telemetry-service';
const MAX_BATCH = 512;

/** The SDK's provider, whose tracers take no trouble over what is not sampled. */
class ErrorKeepingProvider extends TracerProvider {
  readonly #options: ErrorKeepingOptions;
  readonly #made = new Map<string, Tracer>();

  constructor(config: TracerProviderOptions, options: ErrorKeepingOptions) {
    super(config);
    this.#options = options;
  }

  override getTracer(name: string, version?: string, options?: TracerOptions): Tracer {
    // A tracer is asked for at each span, most often by its name alone.
    const key = version || options?.schemaUrl ? JSON.stringify([name, version, options?.schemaUrl]) : name;
    const known = this.#made.get(key);
    if (known) return known;
    const made = new ErrorKeepingTracer(super.getTracer(name, version, options), this.#options);
    this.#made.set(key, made);
    return made;
  }
}

function readEndpoint(endpoint: string): string {
  if (!/^https?:\/\/[^\s/]/.test(endpoint) || !URL.canParse(endpoint)) {
    throw new TypeError(`endpoint: expected an http or https address, got ${JSON.stringify(endpoint)}`);
  }
  const url = new URL(endpoint);
  if (!url.pathname.endsWith('/v1/traces')) url.pathname = `${url.pathname.replace(/\/$/, '')}/v1/traces`;
  return url.href;
}

function check(options: TracingOptions): void {
  const { service, sampleRatio = 0.1 } = options;
  if (typeof service !== 'string' || service === '') {
    throw new TypeError(`service: expected a name, got ${JSON.stringify(service)}`);
  }
  if (!(sampleRatio >= 0 && sampleRatio <= 1)) {
    throw new RangeError(`sampleRatio: expected a number from 0 to 1, got ${sampleRatio}`);
  }
  for (const field of ['maxQueue', 'delay', 'timeout', 'maxHeld', 'maxHeldPerTrace', 'maxHeldAge'] as const) {
    const value = options[field];
    if (value !== undefined && !(value >= 1)) {
      throw new RangeError(`${field}: expected a number of at least 1, got ${value}`);
    }
  }
}

/**
 * Sets up OpenTelemetry for the process: spans of this package's rooms and of anything else that uses
 * `@opentelemetry/api` go to `endpoint` by OTLP/HTTP, scrubbed, with W3C `traceparent` between processes. Of the traces
 * `sampleRatio` are sampled at their head; of the others the spans of this process are held until its part ends, and sent
 * if it failed. An endpoint that is down costs spans, which are counted, and nothing else. Throws for options that are
 * wrong, with the field's name, and where another tracer is set up already.
 */
export function setupTracing(options: TracingOptions): Tracing {
  check(options);
  const {
    service,
    version,
    environment,
    sampleRatio = 0.1,
    keepErrors = true,
    trustParent = false,
  } = options;
  const exporter = new OTLPTraceExporter({
    url: readEndpoint(options.endpoint),
    timeoutMillis: options.timeout ?? 10_000,
    ...(options.headers ? { headers: { ...options.headers } } : {}),
  });
  const counts = createSpanCounts();
  const queue = createSpanQueue({
    exporter,
    counts,
    maxQueue: options.maxQueue ?? 2_048,
    maxBatch: MAX_BATCH,
    delay: options.delay ?? 1_000,
  });
  const order = createSpanOrder();
  const failed = createFailedTraces({
    keep: order.release,
    counts,
    maxSpans: options.maxHeld ?? 10_000,
    maxSpansPerTrace: options.maxHeldPerTrace ?? 500,
    maxAge: options.maxHeldAge ?? 60_000,
    now: () => performance.now(),
  });
  const isSampled = createHeadSampling({ ratio: sampleRatio, trustParent });
  const processor: SpanProcessor = {
    onStart() {},
    onEnd: queue.add,
    forceFlush: queue.flush,
    shutdown: queue.shutdown,
  };
  const provider = new ErrorKeepingProvider(
    {
      sampler: order.sampler,
      idGenerator: order.idGenerator,
      resource: resourceFromAttributes({
        'service.name': service,
        ...(version === undefined ? {} : { 'service.version': version }),
        ...(environment === undefined ? {} : { 'deployment.environment.name': environment }),
      }),
      spanLimits: {
        attributeValueLengthLimit: 8_192,
        attributeCountLimit: 64,
        eventCountLimit: 64,
        linkCountLimit: 64,
      },
      spanProcessors: [processor],
    },
    { order, isSampled, failed: keepErrors ? failed : undefined },
  );
  if (!trace.setGlobalTracerProvider(provider)) {
    throw new Error('setupTracing: another OpenTelemetry tracer is set up in this process already');
  }
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
  // No baggage: what a page puts there would be sent on to every service behind this one.
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());

  let ending: Promise<void> | undefined;
  const end = async (): Promise<void> => {
    // First, so that nothing begins a span while the endpoint is waited for.
    trace.disable();
    context.disable();
    propagation.disable();
    await provider.shutdown().catch(() => undefined);
  };
  return {
    tracer: provider.getTracer(SCOPE),
    stats: () => ({ ...counts, dropped: { ...counts.dropped }, held: failed.held }),
    forceFlush: queue.flush,
    shutdown: () => {
      ending ??= end();
      return ending;
    },
  };
}
