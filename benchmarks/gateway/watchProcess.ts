import { readFileSync } from 'node:fs';

/** A process as Linux tells of it. */
export interface ProcessSample {
  /** Since the watch began. */
  readonly seconds: number;
  /** CPU time that the process has taken in its life. */
  readonly cpuSeconds: number;
  /** Resident memory, and the part of it that no file stands behind, in bytes. */
  readonly rssBytes: number;
  readonly anonBytes: number;
}

/** Ticks of `/proc/…/stat`: USER_HZ, which is 100 wherever Node runs. */
const TICKS = 100;

function sampleProcess(pid: number, seconds: number): ProcessSample {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name of the command, in parentheses, may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const bytesOf = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0) * 1_024;
  return {
    seconds,
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS,
    rssBytes: bytesOf('VmRSS'),
    anonBytes: bytesOf('RssAnon'),
  };
}

/** Looks at a process every so often, on Linux, until the function that it answers is called, which tells what it saw. */
export function watchProcess(pid: number, everyMs: number): () => readonly ProcessSample[] {
  const began = performance.now();
  const look = (): ProcessSample => sampleProcess(pid, (performance.now() - began) / 1_000);
  const samples = [look()];
  const timer = setInterval(() => samples.push(look()), everyMs);
  return () => {
    clearInterval(timer);
    samples.push(look());
    return samples;
  };
}
