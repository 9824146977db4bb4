import type { LogRecord, SpanRecord } from '@artel/telemetry-protocol';
import fc from 'fast-check';
import type { QueueRecord } from '../../enrich';

type Context = Partial<Omit<QueueRecord, 'kind' | 'log' | 'span'>>;

const origin = (received: number): Omit<QueueRecord, 'kind'> => ({
  tenant: 'default',
  tier: 'anonymous',
  received,
});

/** A log of now, unless told otherwise. */
export function log(message: string, over: Partial<LogRecord> = {}, context: Context = {}): QueueRecord {
  const received = context.received ?? Date.now();
  return {
    kind: 'log',
    ...origin(received),
    app: { name: 'billiards', version: '1.2.0', environment: 'test' },
    ...context,
    log: { level: 'info', message, timestamp: received, ...over },
  };
}

let spans = 0;

/** A span of now with an id of its own, unless told otherwise. */
export function span(name: string, over: Partial<SpanRecord> = {}, context: Context = {}): QueueRecord {
  const received = context.received ?? Date.now();
  return {
    kind: 'span',
    ...origin(received),
    app: { name: 'billiards', version: '1.2.0', environment: 'test' },
    ...context,
    span: {
      name,
      traceId: 'ab'.repeat(16),
      spanId: String(++spans).padStart(16, '0'),
      start: received - 100,
      duration: 12.5,
      ...over,
    },
  };
}

const text = (maxLength: number) => fc.string({ unit: 'binary', maxLength });
/** Text with anything in it, half a character too. */
const rough = (maxLength: number) =>
  fc.oneof(text(maxLength), fc.constant('\ud800'), fc.constant('a\udc00b'), fc.constant(''));
const fields = fc.dictionary(
  fc.oneof(
    rough(64),
    fc.constantFrom('level', 'app', '__name', 'page', 'stack', 'error_type', '1st', 'a b', 'session'),
  ),
  fc.oneof(
    rough(200),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
  ),
  { maxKeys: 64 },
);
const hex = (length: number) =>
  fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`)).filter((id) => !/^0*$/.test(id));
const time = fc.oneof(
  fc.constant(0),
  fc.constant(Number.MAX_SAFE_INTEGER),
  fc.integer({ min: -7_200_000, max: 7_200_000 }).map((ms) => Date.now() + ms),
  fc.double({ min: 0, max: 2e12, noNaN: true }),
);

const context = fc.record(
  {
    tenant: fc.constantFrom('default', 'billiards/production', 'gone/test'),
    tier: fc.constantFrom('session' as const, 'anonymous' as const),
    app: fc.record(
      { name: rough(64), version: rough(64), environment: rough(64) },
      { requiredKeys: ['name'] },
    ),
    session: rough(64),
    user: hex(32),
    page: rough(128),
    producer: fc.stringMatching(/^[\w-]{1,64}$/),
  },
  { requiredKeys: ['tenant', 'tier'] },
);

/** Any log that can stand in the queue. */
export const anyLog: fc.Arbitrary<QueueRecord> = fc
  .record(
    {
      level: fc.constantFrom('debug' as const, 'info' as const, 'warn' as const, 'error' as const),
      message: rough(500),
      timestamp: time,
      category: fc.oneof(fc.constantFrom('error', 'game_event'), fc.stringMatching(/^\w{1,64}$/)),
      fields,
      traceId: hex(32),
      spanId: hex(16),
    },
    { requiredKeys: ['level', 'message', 'timestamp'] },
  )
  .chain((one) => context.map((origins) => ({ kind: 'log', ...origins, received: Date.now(), log: one })));

/** Any span that can stand in the queue, but for its time, which is one of these days. */
export const anySpan: fc.Arbitrary<QueueRecord> = fc
  .record(
    {
      name: fc.string({ unit: 'binary', minLength: 1, maxLength: 128 }),
      traceId: hex(32),
      spanId: hex(16),
      parentSpanId: hex(16),
      start: fc.double({ min: -7_200_000, max: 0, noNaN: true }).map((ms) => Date.now() + ms),
      duration: fc.double({ min: 0, max: 1e6, noNaN: true }),
      status: fc.constantFrom('ok' as const, 'error' as const),
      attributes: fields,
    },
    { requiredKeys: ['name', 'traceId', 'spanId', 'start', 'duration'] },
  )
  .chain((one) => context.map((origins) => ({ kind: 'span', ...origins, received: Date.now(), span: one })));
