import type { Clock } from '../clock';
import type { OverloadBounds } from '../config';
import type { ExposedFamily } from '../exposition';
import { HttpProblem } from '../problem';
import { createLatch, type Latch } from './latch';
import { createPressureProbe, defaultMemoryBytes, type LoopDelay, type PressureProbe } from './pressure';

/** What there may be too much of: heap, memory of the whole process, waiting for the event loop or for the disk. */
const overloadReasons = ['heap', 'memory', 'delay', 'queue'] as const;
type OverloadReason = (typeof overloadReasons)[number];

/**
 * Tells when the gateway had better take nothing more. Who is refused comes again; who was taken, by a process that then
 * runs out of memory or answers after its client has given up, has to come again too, and has cost something.
 */
export interface Overload {
  /** Why there is too much to do, or `undefined`. */
  reason(): OverloadReason | undefined;
  /** Throws the 503 problem of a request that had better come later. */
  admit(): void;
  families(): ExposedFamily[];
  close(): void;
}

export interface OverloadOptions {
  /** Read anew each time. */
  readonly bounds: () => Pick<OverloadBounds, 'heap' | 'memoryBytes' | 'delayMs'>;
  /** Bytes of batches that wait for the disk, and how many may: of this, three quarters are the bound. */
  readonly waiting?: { readonly bytes: () => number; readonly limit: number };
  readonly clock: Pick<Clock, 'elapsed'>;
  readonly probe?: PressureProbe;
  /** Told of each change; `undefined` is the end of it. */
  readonly onChange?: (reason: OverloadReason | undefined) => void;
  /** In [0, 1). */
  readonly random?: () => number;
  /** Runs `look` from time to time until what it answers is called. */
  readonly every?: (look: () => void, ms: number) => () => void;
}

/** How often memory is looked at: in this time little can be added. */
const LOOK_MS = 100;
/** The event loop's median is one of this long: one pause of half of it is no overload. */
const WINDOW_MS = 1_000;
/** How many windows the gauge tells the worst of, so that a scrape each 15 s misses none. */
const WINDOWS_KEPT = 15;
const CALM = { calmBelow: 0.9, calmMs: 1_000 } as const;
/** A collection stops everything, so it shall take no more than a twentieth of the time. */
const COLLECT_MS = 5_000;
const COLLECT_PART = 20;
/** Clients come again between these, in s, and not all at once. */
const SOONEST_S = 2;
const LATEST_S = 10;
const WAITING_PART = 0.75;

const what: Readonly<Record<OverloadReason, string>> = {
  heap: 'its memory is nearly full',
  memory: 'its memory is nearly full',
  delay: 'it has too much to do',
  queue: 'too much waits for its disk',
};

function everyMs(look: () => void, ms: number): () => void {
  const timer = setInterval(look, ms);
  timer.unref();
  return () => clearInterval(timer);
}

function worst(delays: readonly LoopDelay[], name: keyof LoopDelay): number {
  return Math.max(0, ...delays.map((delay) => delay[name]));
}

export function createOverload({
  bounds,
  waiting = { bytes: () => 0, limit: Number.POSITIVE_INFINITY },
  clock,
  probe = createPressureProbe(),
  onChange = () => {},
  random = Math.random,
  every = everyMs,
}: OverloadOptions): Overload {
  const ownMemoryBytes = defaultMemoryBytes();
  const latches: Readonly<Record<OverloadReason, Latch>> = {
    heap: createLatch(CALM),
    memory: createLatch(CALM),
    delay: createLatch(CALM),
    queue: createLatch(CALM),
  };
  const refused: Record<OverloadReason, number> = { heap: 0, memory: 0, delay: 0, queue: 0 };
  const delays: LoopDelay[] = [];
  let lookedAt = Number.NEGATIVE_INFINITY;
  let windowEnds = clock.elapsed() + WINDOW_MS;
  let collectFrom = Number.NEGATIVE_INFINITY;
  let before: OverloadReason | undefined;

  const collect = (): void => {
    const began = clock.elapsed();
    probe.collect();
    const ended = clock.elapsed();
    collectFrom = ended + Math.max(COLLECT_MS, COLLECT_PART * (ended - began));
  };

  const lookAtMemory = (now: number): void => {
    const { heap: heapBound, memoryBytes: memoryBound = ownMemoryBytes } = bounds();
    let heap = probe.heap();
    let memory = probe.memoryBytes();
    const isFull = heap >= heapBound || memory >= memoryBound;
    // Much of it may be garbage, and without requests nothing makes V8 look: it would be full for ever.
    if ((isFull || latches.heap.isOn() || latches.memory.isOn()) && now >= collectFrom) {
      collect();
      heap = probe.heap();
      memory = probe.memoryBytes();
    }
    latches.heap.feed(heap, heapBound, now);
    latches.memory.feed(memory, memoryBound, now);
  };

  const lookAtDelay = (now: number): void => {
    const delay = probe.delay();
    // After a long pause this may run before the probe does.
    if (delay === undefined) return;
    windowEnds = now + WINDOW_MS;
    delays.push(delay);
    if (delays.length > WINDOWS_KEPT) delays.shift();
    latches.delay.feed(delay.median, bounds().delayMs, now);
  };

  const look = (): void => {
    const now = clock.elapsed();
    latches.queue.feed(waiting.bytes(), waiting.limit * WAITING_PART, now);
    if (now - lookedAt >= LOOK_MS) {
      lookedAt = now;
      lookAtMemory(now);
      if (now >= windowEnds) lookAtDelay(now);
    }
    const reason = overloadReasons.find((one) => latches[one].isOn());
    if (reason === before) return;
    before = reason;
    onChange(reason);
  };
  const stop = every(look, LOOK_MS);

  const reason = (): OverloadReason | undefined => {
    look();
    return before;
  };

  return {
    reason,
    admit() {
      const why = reason();
      if (why === undefined) return;
      refused[why]++;
      const seconds = SOONEST_S + Math.floor(random() * (LATEST_S - SOONEST_S + 1));
      throw new HttpProblem(503, `The gateway takes nothing for now: ${what[why]}.`, {
        type: 'overloaded',
        headers: { 'Retry-After': String(seconds) },
      });
    },
    families() {
      const byReason = (read: (reason: OverloadReason) => number) =>
        overloadReasons.map((one) => ({ labels: [['reason', one] as const], value: read(one) }));
      const quantiles = { '0.5': 'median', '0.99': 'p99', '1': 'max' } as const;
      return [
        {
          name: 'artel_gateway_overload',
          kind: 'gauge',
          help: '1 while requests are refused with 503 for this reason.',
          series: byReason((one) => (latches[one].isOn() ? 1 : 0)),
        },
        {
          name: 'artel_gateway_overload_refused_total',
          kind: 'counter',
          help: 'Requests refused with 503 before their body was read, by reason.',
          series: byReason((one) => refused[one]),
        },
        {
          name: 'artel_gateway_event_loop_delay_seconds',
          kind: 'gauge',
          help: 'How long work waited for the event loop, in the worst of the last 15 seconds.',
          series: Object.entries(quantiles).map(([quantile, name]) => ({
            labels: [['quantile', quantile] as const],
            value: worst(delays, name) / 1_000,
          })),
        },
      ];
    },
    close() {
      stop();
      probe.close();
    },
  };
}
