import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as later } from 'node:timers/promises';

/** How long to wait for a process that has not done yet what it was started for, in ms. */
export interface Patience {
  /** It is given up on once it has neither printed anything nor used the processor for this long. */
  readonly quiet: number;
  /** It is given up on after this long, whatever it does. */
  readonly longest: number;
}

/** What a process has done so far. */
export interface Signs {
  /** Counts all that it has printed. */
  readonly printed: () => number;
  /** Ms of processor time that it has used. */
  readonly used: () => number;
}

/** A machine that slept fires all its timers as it wakes: one look in vain says nothing yet. */
const LOOKS = 3;
/** Part of the time for which a process at work has the processor, even on a busy machine. One that waits uses less. */
const AT_WORK = 0.01;

/** Why a process is given up on, once there is a reason. Rejects when `signal` aborts. */
export async function whenGivenUp(
  { printed, used }: Signs,
  { quiet, longest }: Patience,
  signal: AbortSignal,
  wait: (ms: number, signal: AbortSignal) => Promise<unknown> = (ms) => later(ms, undefined, { signal }),
): Promise<string> {
  const pause = quiet / LOOKS;
  let before = { printed: printed(), used: used() };
  let idle = 0;
  for (let waited = 0; waited < longest; waited += pause) {
    await wait(pause, signal);
    const now = { printed: printed(), used: used() };
    const isAtWork = now.used - before.used >= AT_WORK * pause;
    idle = now.printed !== before.printed || isAtWork ? 0 : idle + 1;
    if (idle === LOOKS) return `has made no progress for ${quiet / 1_000} s`;
    before = now;
  }
  return `was not there within ${longest / 1_000} s`;
}

/** Linux counts in hundredths of a second, whatever its own clock. */
const TICK_MS = 10;

/** Parent and processor time of each process, its ended children's time included. */
function readProcesses(): Map<number, { readonly parent: number; readonly ms: number }> {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const entries = pids.flatMap((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
      // The name of the program may hold anything. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
      const fields = stat
        .slice(stat.lastIndexOf(')') + 2)
        .split(' ')
        .map(Number);
      const ticks = fields.slice(11, 15).reduce((sum, one) => sum + one, 0);
      return [[Number(pid), { parent: fields[1] ?? 0, ms: ticks * TICK_MS }] as const];
    } catch {
      // It has ended meanwhile.
      return [];
    }
  });
  return new Map(entries);
}

/**
 * Ms of processor time that a process and all that it started have used. 0 on other systems than Linux: there a process
 * shows that it is at work by what it prints.
 */
export function processorTime(pid: number): number {
  if (process.platform !== 'linux') return 0;
  const processes = readProcesses();
  const family = new Set([pid]);
  for (let before = 0; before < family.size; ) {
    before = family.size;
    for (const [one, { parent }] of processes) if (family.has(parent)) family.add(one);
  }
  return [...family].reduce((sum, one) => sum + (processes.get(one)?.ms ?? 0), 0);
}
