import { type EventEmitter, errorMonitor } from 'node:events';
import { SpanKind } from '@opentelemetry/api';
import type { AppMetrics } from '../metrics';
import { endSpan, runWatched, startSpan } from './clientSpan';
import { countNetworkError } from './networkError';
import { shadowMethod } from './shadowMethod';

/** As much of a client of `@redis/client` 5 or 6 as is watched. */
export interface RedisLike extends Pick<EventEmitter, 'on'> {
  /** Sends one command. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever its commands and options are
  sendCommand(...args: any[]): Promise<unknown>;
  /** Begins a transaction. */
  multi(): unknown;
}

/** What {@link instrumentRedis} is told. */
export interface RedisOptions {
  /** Where hits, misses and network errors are counted; spans alone if left out. */
  readonly metrics?: Pick<AppMetrics, 'cacheHitsTotal' | 'cacheMissesTotal' | 'networkErrorsTotal'>;
  /** The `cache_type` label: what this client is for, such as `presence`; `redis` if left out. */
  readonly cacheType?: string;
}

const TARGET = 'redis';
const ONE_KEY = new Set(['GET', 'GETEX', 'GETDEL', 'HGET']);
const MANY_KEYS = new Set(['MGET', 'HMGET']);
const COMMAND = /^[A-Z][A-Z0-9.]{0,31}$/;

const instrumented = new WeakSet<object>();

/** `createClient` and `withCommandOptions` answer a shell; the client within it is the one that its commands call. */
function innerOf(client: object): object {
  const inner: unknown = Reflect.get(client, '_self');
  return typeof inner === 'object' && inner !== null ? inner : client;
}

/** The command's name without its arguments, bounded: text that is no name is `other`. */
function commandOf(args: unknown): string {
  const name = Array.isArray(args) ? String(args[0]).toUpperCase() : '';
  return COMMAND.test(name) ? name : 'other';
}

/** The answers of a command that asks a cache for keys. */
function answersOf(command: string, reply: unknown): readonly unknown[] {
  if (ONE_KEY.has(command)) return [reply];
  return MANY_KEYS.has(command) && Array.isArray(reply) ? reply : [];
}

/**
 * Watches a client of `@redis/client` and answers the same client: hits and misses of `GET`, `GETEX`, `GETDEL`, `HGET`, and by
 * key of `MGET` and `HMGET`; failures of the network; a client span for each command and each `MULTI`, without keys and
 * values. Hits within a `MULTI` are not counted.
 */
export function instrumentRedis<Client extends RedisLike>(
  client: Client,
  options: RedisOptions = {},
): Client {
  const inner = innerOf(client);
  if (instrumented.has(inner)) return client;
  instrumented.add(inner);
  const { metrics, cacheType = 'redis' } = options;

  const watched = (
    command: string,
    attributes: Readonly<Record<string, string | number>>,
    run: () => unknown,
  ): unknown => {
    const span = startSpan(command, {
      kind: SpanKind.CLIENT,
      attributes: { 'db.system': TARGET, 'db.operation.name': command, ...attributes },
    });
    return runWatched(run, (failure, reply) => {
      if (failure) countNetworkError(metrics, TARGET, failure.error);
      else {
        const answers = answersOf(command, reply);
        const hits = answers.filter((one) => one !== null && one !== undefined).length;
        if (hits > 0) metrics?.cacheHitsTotal.inc({ cache_type: cacheType }, hits, span.spanContext());
        const misses = answers.length - hits;
        if (misses > 0) metrics?.cacheMissesTotal.inc({ cache_type: cacheType }, misses, span.spanContext());
      }
      endSpan(span, failure);
    });
  };

  // Every command goes through it.
  shadowMethod(inner, 'sendCommand', (invoke) => {
    return function sendCommand(this: unknown, ...args: unknown[]): unknown {
      return watched(commandOf(args[0]), {}, () => invoke(this, args));
    };
  });
  // Only what is queued for a transaction goes another way.
  shadowMethod(inner, 'multi', (invoke) => {
    return function multi(this: unknown, ...args: unknown[]): unknown {
      const queue = invoke(this, args);
      if (typeof queue !== 'object' || queue === null) return queue;
      let size = 0;
      shadowMethod(queue, 'addCommand', (add) => {
        return function addCommand(this: unknown, ...command: unknown[]): unknown {
          size++;
          return add(this, command);
        };
      });
      for (const [method, name] of [
        ['exec', 'MULTI'],
        ['execAsPipeline', 'PIPELINE'],
      ] as const) {
        shadowMethod(queue, method, (execute) => {
          return function exec(this: unknown, ...given: unknown[]): unknown {
            return watched(name, { 'db.operation.batch.size': size }, () => execute(this, given));
          };
        });
      }
      return queue;
    };
  });
  client.on(errorMonitor, (error: unknown) => countNetworkError(metrics, TARGET, error));
  return client;
}
