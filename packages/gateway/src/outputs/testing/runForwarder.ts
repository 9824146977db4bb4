import { onTestFinished, vi } from 'vitest';
import { type Clock, systemClock } from '../../clock';
import { type ExposedFamily, exposition } from '../../exposition';
import { createOutputs, type OutputTenant } from '../createOutputs';
import { createForwarder, type Forwarder } from '../forwarder';
import { outputsSchema } from '../outputsConfig';
import type { Wait } from '../wait';
import { createMemoryQueue, type MemoryQueue } from './memoryQueue';

export interface RunOptions {
  /** As the configuration file has it. */
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly memory?: MemoryQueue;
  readonly tenants?: Readonly<Record<string, OutputTenant>>;
  readonly clock?: Clock;
  readonly wait?: Wait;
  readonly metrics?: () => readonly ExposedFamily[];
}

export interface RunningForwarder {
  readonly forwarder: Forwarder;
  readonly memory: MemoryQueue;
  /** Puts records into the queue and says so. */
  add: MemoryQueue['add'];
  /** A sample of the forwarder's own metrics, as `/metrics` shows it. */
  sample(name: string): number | undefined;
  /** Lines that were logged, as level and message. */
  readonly logged: readonly string[];
}

/** A forwarder that runs over a queue in memory, its outputs made of configuration; closed when the test ends. */
export function runForwarder(options: RunOptions): RunningForwarder {
  const { memory = createMemoryQueue(), tenants = {}, clock = systemClock } = options;
  const logged: string[] = [];
  const logger =
    (level: string) =>
    (_fields: unknown, message?: string): void => {
      logged.push(`${level}: ${message}`);
    };
  const forwarder = createForwarder({
    queue: memory.queue,
    cursors: memory.cursors,
    outputs: createOutputs(outputsSchema.parse(options.outputs), {
      tenant: (id) => tenants[id],
      clock,
      instance: 'gateway-1',
    }),
    clock,
    logger: { info: logger('info'), warn: logger('warn'), error: logger('error') },
    metricsSource: options.metrics ?? (() => []),
    // Backoff without luck, and a fiftieth of the real one.
    random: () => 0.02,
    ...(options.wait ? { wait: options.wait } : {}),
  });
  forwarder.start();
  onTestFinished(() => forwarder.close(0));
  return {
    forwarder,
    memory,
    add(...records) {
      memory.add(...records);
      forwarder.nudge();
    },
    sample(name) {
      const lines = exposition(forwarder.families()).split('\n');
      const line = lines.find((one) => one.startsWith(`${name} `));
      return line === undefined ? undefined : Number(line.slice(name.length + 1));
    },
    logged,
  };
}

/** Waits for what must come true soon, however slow the machine is. */
export function soon(check: () => void | Promise<void>): Promise<void> {
  return vi.waitFor(check, { interval: 10 });
}
