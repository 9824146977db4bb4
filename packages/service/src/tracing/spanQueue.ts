import { context } from '@opentelemetry/api';
import { ExportResultCode, suppressTracing } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import { scrubSpan } from './scrubSpan';

/** Spans that are waiting, went out, or were lost, since the start. */
export interface SpanCounts {
  exported: number;
  readonly dropped: {
    /** The queue was full. */
    queueFull: number;
    /** The endpoint refused them, or did not answer in time. */
    exportFailed: number;
    /** Unsampled spans that there was no room to hold until their trace's end. */
    heldOverflow: number;
    /** Unsampled spans whose trace did not end in time. */
    heldExpired: number;
  };
}

export interface SpanQueueOptions {
  readonly exporter: SpanExporter;
  readonly counts: SpanCounts;
  /** Spans that wait at the most; more are dropped and counted. */
  readonly maxQueue: number;
  readonly maxBatch: number;
  /** How long a span waits for others, in ms. */
  readonly delay: number;
}

export interface SpanQueue {
  add(span: ReadableSpan): void;
  /** Resolves once all that waited is out or dropped; never rejects. */
  flush(): Promise<void>;
  shutdown(): Promise<void>;
}

export function createSpanCounts(): SpanCounts {
  return { exported: 0, dropped: { queueFull: 0, exportFailed: 0, heldOverflow: 0, heldExpired: 0 } };
}

/** A bounded queue of scrubbed spans before the exporter: one batch on its way at a time, and what fails is counted. */
export function createSpanQueue(options: SpanQueueOptions): SpanQueue {
  const { exporter, counts, maxQueue, maxBatch, delay } = options;
  const waiting: ReadableSpan[] = [];
  let timer: NodeJS.Timeout | undefined;
  let draining: Promise<void> | undefined;
  let isShut = false;

  const send = (batch: ReadableSpan[]): Promise<void> =>
    new Promise((resolve) => {
      const end = (isSent: boolean): void => {
        if (isSent) counts.exported += batch.length;
        else counts.dropped.exportFailed += batch.length;
        resolve();
      };
      try {
        // Whatever instruments the exporter's own requests must make no spans of them.
        context.with(suppressTracing(context.active()), () =>
          exporter.export(batch, ({ code }) => end(code === ExportResultCode.SUCCESS)),
        );
      } catch {
        end(false);
      }
    });

  const drain = async (): Promise<void> => {
    while (waiting.length > 0) await send(waiting.splice(0, maxBatch));
  };

  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    draining ??= drain().finally(() => {
      draining = undefined;
    });
    return draining;
  };

  return {
    add(span) {
      if (isShut || waiting.length >= maxQueue) {
        counts.dropped.queueFull++;
        return;
      }
      waiting.push(scrubSpan(span));
      if (draining) return;
      if (waiting.length >= maxBatch) void flush();
      else timer ??= setTimeout(flush, delay).unref();
    },
    flush,
    async shutdown() {
      isShut = true;
      await flush();
      await exporter.shutdown().catch(() => undefined);
    },
  };
}
