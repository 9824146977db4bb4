import { readFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { getHeapSpaceStatistics, getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** For how long work had to wait until the event loop came to it, in ms. */
export interface LoopDelay {
  readonly median: number;
  readonly p99: number;
  readonly max: number;
}

/** Where this process feels that there is too much to do. */
export interface PressureProbe {
  /** Part, 0 to 1, of what V8 lets the old generation of the heap grow to, before it ends the process. */
  heap(): number;
  /** Memory of the process that no file stands behind, in bytes: the store's pages are the system's to take back. */
  memoryBytes(): number;
  /** Since it was last answered; `undefined` as long as there is nothing to tell of. */
  delay(): LoopDelay | undefined;
  /** Collects garbage, all of it, now. */
  collect(): void;
  close(): void;
}

const RESOLUTION_MS = 20;
/** `heap_size_limit` counts three semi-spaces of 16 MiB to the old generation, which ends where they begin. */
const YOUNG_BYTES = 48 * 1_048_576;
const YOUNG_SPACES: ReadonlySet<string> = new Set(['new_space', 'new_large_object_space', 'read_only_space']);
/** Part of the memory of the machine or container that the process may take where nothing else is configured. */
const MEMORY_PART = 0.85;

function heap(): number {
  const { heap_size_limit: limit } = getHeapStatistics();
  const used = getHeapSpaceStatistics().reduce(
    (sum, { space_name: name, space_used_size: size }) => (YOUNG_SPACES.has(name) ? sum : sum + size),
    0,
  );
  return used / Math.max(limit - YOUNG_BYTES, limit / 2);
}

/** Linux tells it apart; elsewhere all of the resident memory has to stand for it. */
function memoryBytes(): number {
  try {
    const [, kilobytes] = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    if (kilobytes !== undefined) return Number(kilobytes) * 1_024;
  } catch {
    // No Linux.
  }
  return process.memoryUsage.rss();
}

function createCollect(): () => void {
  let collect: unknown;
  return () => {
    if (collect === undefined) {
      setFlagsFromString('--expose-gc');
      collect = runInNewContext('gc');
      setFlagsFromString('--no-expose-gc');
    }
    if (typeof collect === 'function') collect();
  };
}

/** The memory that the process may take where no bound is configured, in bytes. */
export function defaultMemoryBytes(): number {
  const total = totalmem();
  const container = process.constrainedMemory();
  return MEMORY_PART * (container > 0 ? Math.min(container, total) : total);
}

/** Feels this process's pulse. */
export function createPressureProbe(): PressureProbe {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  // It records the time between two ticks of a timer, of which the timer's own is no delay.
  const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
  return {
    heap,
    memoryBytes,
    delay() {
      if (histogram.count === 0) return undefined;
      const delay = {
        median: late(histogram.percentile(50)),
        p99: late(histogram.percentile(99)),
        max: late(histogram.max),
      };
      histogram.reset();
      return delay;
    },
    collect: createCollect(),
    close: () => void histogram.disable(),
  };
}
