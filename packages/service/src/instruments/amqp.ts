import { EventEmitter, errorMonitor } from 'node:events';
import {
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  type TextMapGetter,
  trace,
} from '@opentelemetry/api';
import type { Channel } from 'amqplib';
import type { AppMetrics } from '../metrics';
import { type Callback, inCallerContext } from './callerContext';
import { endSpan, runWatched, startSpan } from './clientSpan';
import { countNetworkError } from './networkError';
import { shadowMethod } from './shadowMethod';

/** What {@link instrumentAmqp} is told. */
export interface AmqpOptions {
  /** Where messages and network errors are counted; spans alone if left out. */
  readonly metrics?: Pick<AppMetrics, 'amqpMessagesTotal' | 'networkErrorsTotal'>;
}

const TARGET = 'rabbitmq';
const instrumented = new WeakSet<object>();

/** Headers are what other services sent: anything may stand there. */
const headersOf: TextMapGetter<unknown> = {
  keys: (carrier) => (typeof carrier === 'object' && carrier !== null ? Object.keys(carrier) : []),
  get(carrier, key) {
    if (typeof carrier !== 'object' || carrier === null) return undefined;
    const value: unknown = Reflect.get(carrier, key);
    if (Buffer.isBuffer(value)) return value.toString('utf8');
    return typeof value === 'string' ? value : undefined;
  },
};

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** A queue that the server named stands for one client each: they are one. */
function boundedQueue(queue: string): string {
  return queue.startsWith('amq.gen-') ? 'amq.gen' : queue;
}

function isCallback(value: unknown): value is Callback {
  return typeof value === 'function';
}

/** The callback of a confirm channel in its caller's own context; the span ends with the broker's word. */
function watchConfirm(callback: Callback, span: Span): Callback {
  const bound = inCallerContext(callback);
  return (...results) => {
    endSpan(span, results[0] ? { error: results[0] } : undefined);
    return bound(...results);
  };
}

const attributesOf = (operation: 'publish' | 'process', destination: string) => ({
  'messaging.system': TARGET,
  'messaging.operation.name': operation,
  'messaging.operation.type': operation === 'publish' ? 'send' : 'process',
  'messaging.destination.name': destination,
});

/**
 * Watches a channel of amqplib's promise API and answers the same channel. What is published carries the trace on in its
 * headers (`traceparent`), under a producer span; what is consumed is handled in that trace, under a consumer span, which
 * ends when the handler has returned or its promise has settled. Messages are counted by exchange or queue.
 */
export function instrumentAmqp<Instrumented extends Channel>(
  channel: Instrumented,
  { metrics }: AmqpOptions = {},
): Instrumented {
  if (instrumented.has(channel)) return channel;
  instrumented.add(channel);

  // `sendToQueue` goes through it too.
  shadowMethod(channel, 'publish', (invoke) => {
    return function publish(this: unknown, ...args: unknown[]): unknown {
      const [exchange, routingKey, content, options, callback] = args;
      const destination = boundedQueue(String(exchange === '' ? routingKey : exchange));
      const span = startSpan(`publish ${destination}`, {
        kind: SpanKind.PRODUCER,
        attributes: attributesOf('publish', destination),
      });
      const headers: Record<string, unknown> = { ...Object(fieldOf(options, 'headers')) };
      propagation.inject(trace.setSpan(context.active(), span), headers);
      const carried = { ...Object(options), headers };
      const confirmed = isCallback(callback) ? watchConfirm(callback, span) : undefined;
      const run = () =>
        invoke(this, [exchange, routingKey, content, carried, ...(confirmed ? [confirmed] : [])]);
      return runWatched(run, (failure) => {
        if (failure) countNetworkError(metrics, TARGET, failure.error);
        else
          metrics?.amqpMessagesTotal.inc(
            { direction: 'published', queue: destination },
            1,
            span.spanContext(),
          );
        if (failure || !confirmed) endSpan(span, failure);
      });
    };
  });

  shadowMethod(channel, 'consume', (invoke) => {
    return function consume(this: unknown, ...args: unknown[]): unknown {
      const [queue, onMessage, ...others] = args;
      if (!isCallback(onMessage)) return invoke(this, args);
      const destination = boundedQueue(String(queue));
      const handle = function handle(this: unknown, message: unknown): unknown {
        // `null` says that the server has cancelled the consumer.
        if (message === null) return Reflect.apply(onMessage, this, [message]);
        const sent = propagation.extract(
          ROOT_CONTEXT,
          fieldOf(fieldOf(message, 'properties'), 'headers'),
          headersOf,
        );
        const span = startSpan(
          `process ${destination}`,
          { kind: SpanKind.CONSUMER, attributes: attributesOf('process', destination) },
          sent,
        );
        metrics?.amqpMessagesTotal.inc({ direction: 'consumed', queue: destination }, 1, span.spanContext());
        const run = () => Reflect.apply(onMessage, this, [message]);
        return runWatched(
          () => context.with(trace.setSpan(sent, span), run),
          (failure) => endSpan(span, failure),
        );
      };
      return invoke(this, [queue, handle, ...others]);
    };
  });

  const { connection } = channel;
  if (connection instanceof EventEmitter && !instrumented.has(connection)) {
    instrumented.add(connection);
    connection.on(errorMonitor, (error: unknown) => countNetworkError(metrics, TARGET, error));
  }
  return channel;
}
