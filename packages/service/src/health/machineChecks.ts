import { statfs } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { type EventLoopUtilization, monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { Finding, HealthCheck } from './healthCheck';
import type { CheckOptions } from './serverChecks';

/** Two bounds of one figure. */
interface Bounds {
  readonly degraded: number;
  readonly unhealthy: number;
}

const optional = ({ timeoutMs, critical }: CheckOptions) => ({
  ...(timeoutMs !== undefined && { timeoutMs }),
  ...(critical !== undefined && { critical }),
});

function judge(
  value: number,
  { degraded, unhealthy }: Bounds,
  reason: string,
  details: Finding['details'] = {},
): Finding {
  if (value <= degraded) return { status: 'healthy', details };
  return { status: value > unhealthy ? 'unhealthy' : 'degraded', reason, details };
}

function boundsOf(name: string, given: Partial<Bounds>, usual: Bounds): Bounds {
  const bounds = { ...usual, ...given };
  if (!(bounds.degraded <= bounds.unhealthy)) {
    throw new TypeError(
      `${name}: expected the bound of degraded (${bounds.degraded}) not above that of unhealthy (${bounds.unhealthy})`,
    );
  }
  return bounds;
}

export interface DiskCheckOptions extends CheckOptions {
  /** Unhealthy with less free space than this, in bytes; 100 MiB if left out. */
  readonly minFreeBytes?: number;
  /** Degraded with a smaller share of free space than this, from 0 to 1; 0.2 if left out, as the seed's alert has it. */
  readonly degradedFreeShare?: number;
}

/** Looks at the disk that a path is on. Reports show no path. */
export function checkDisk(path: string, options: DiskCheckOptions = {}): HealthCheck {
  const { minFreeBytes = 100 * 2 ** 20, degradedFreeShare = 0.2 } = options;
  return {
    name: options.name ?? 'disk',
    ...optional(options),
    async run() {
      const { bavail, blocks, bsize } = await statfs(path);
      const [freeBytes, totalBytes] = [bavail * bsize, blocks * bsize];
      const details = { freeBytes, totalBytes };
      if (freeBytes < minFreeBytes) return { status: 'unhealthy', reason: 'the disk is full', details };
      return totalBytes > 0 && freeBytes / totalBytes < degradedFreeShare
        ? { status: 'degraded', reason: 'little space is left on the disk', details }
        : { status: 'healthy', details };
    },
  };
}

export interface MemoryCheckOptions extends CheckOptions {
  /** Share of the limit from which on the process is degraded, from 0 to 1; 0.85 if left out, as the seed's alert has it. */
  readonly degradedShare?: number;
  /** Likewise unhealthy; 0.95 if left out. */
  readonly unhealthyShare?: number;
  /** What the process may have, in bytes; the limit of its control group, else the machine's memory, if left out. */
  readonly limitBytes?: number;
}

/** Compares the process's resident memory with what it may have. */
export function checkMemory(options: MemoryCheckOptions = {}): HealthCheck {
  const given = {
    ...(options.degradedShare !== undefined && { degraded: options.degradedShare }),
    ...(options.unhealthyShare !== undefined && { unhealthy: options.unhealthyShare }),
  };
  const bounds = boundsOf('checkMemory', given, { degraded: 0.85, unhealthy: 0.95 });
  return {
    name: options.name ?? 'memory',
    ...optional(options),
    run() {
      const constrained = process.constrainedMemory() ?? 0;
      const total = totalmem();
      const limitBytes = options.limitBytes ?? (constrained > 0 && constrained < total ? constrained : total);
      const usedBytes = process.memoryUsage.rss();
      return judge(usedBytes / limitBytes, bounds, 'little memory is left', { usedBytes, limitBytes });
    },
  };
}

export interface EventLoopCheckOptions extends CheckOptions {
  /** 99th percentile of the event loop's delay since the last look, in ms, from which on it is degraded; 100 if left out. */
  readonly degradedMs?: number;
  /** Likewise unhealthy; 1,000 if left out. */
  readonly unhealthyMs?: number;
}

/**
 * Looks at how late the event loop was since the last look: while it is blocked nothing is answered. Not critical unless said:
 * a service that is taken out of the balance for being busy makes the others busier.
 */
export function checkEventLoop(options: EventLoopCheckOptions = {}): HealthCheck {
  const given = {
    ...(options.degradedMs !== undefined && { degraded: options.degradedMs }),
    ...(options.unhealthyMs !== undefined && { unhealthy: options.unhealthyMs }),
  };
  const bounds = boundsOf('checkEventLoop', given, { degraded: 100, unhealthy: 1_000 });
  const resolution = 10;
  const delay = monitorEventLoopDelay({ resolution });
  delay.enable();
  let before: EventLoopUtilization = performance.eventLoopUtilization();
  return {
    critical: false,
    ...optional(options),
    name: options.name ?? 'event_loop',
    run() {
      const now = performance.eventLoopUtilization();
      const { utilization } = performance.eventLoopUtilization(now, before);
      before = now;
      // The histogram has the whole interval of its timer; none of it is delay.
      const late = delay.count === 0 ? 0 : Math.max(0, delay.percentile(99) / 1e6 - resolution);
      delay.reset();
      const delayP99Ms = Math.round(late * 100) / 100;
      return judge(delayP99Ms, bounds, 'the event loop is blocked', {
        delayP99Ms,
        utilization: Math.round(utilization * 1_000) / 1_000,
      });
    },
  };
}
