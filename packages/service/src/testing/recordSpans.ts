import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  AlwaysOnSampler,
  InMemorySpanExporter,
  type ReadableSpan,
  type Sampler,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { onTestFinished } from 'vitest';

export interface RecordedSpans {
  /** Spans that have ended, in the order of their ends. */
  ended(): readonly ReadableSpan[];
  /** The one ended span of a name. Throws when there is none, or more. */
  one(name: string): ReadableSpan;
}

/** A real OpenTelemetry SDK for the running test, which keeps its spans in memory. */
export function recordSpans(sampler: Sampler = new AlwaysOnSampler()): RecordedSpans {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({
    sampler,
    spanProcessors: [new SimpleSpanProcessor({ exporter })],
  });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  onTestFinished(async () => {
    for (const api of [trace, context, propagation]) api.disable();
    await provider.shutdown();
  });
  return {
    ended: () => exporter.getFinishedSpans(),
    one(name) {
      const all = exporter.getFinishedSpans();
      const [found, ...others] = all.filter((span) => span.name === name);
      if (!found || others.length > 0) {
        throw new Error(`expected one span ${name}, got ${all.map((span) => span.name).join(', ')}`);
      }
      return found;
    },
  };
}
