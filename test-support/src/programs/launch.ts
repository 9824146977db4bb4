import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as later } from 'node:timers/promises';
import { type Patience, processorTime, whenGivenUp } from './progress';

/** One server to start. */
export interface Launch {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What it prints, on either stream, once it answers; or an address that answers 200 from then on. */
  readonly ready: RegExp | URL;
  /** How long it may take until then; by default 30 s without any progress, 9 min in all. */
  readonly patience?: Partial<Patience>;
  /** Whom to run it as: some servers refuse root. */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** What asks it to end in good order; SIGTERM where nothing is said. */
  readonly stopSignal?: NodeJS.Signals;
  /** Ms without any progress from then on until it is ended by force; 5 s. */
  readonly grace?: number;
  /** Heads a process group: what it has started ends with it, and a Ctrl-C at the terminal comes to us alone. */
  readonly group?: boolean;
}

/** A server under way. */
export interface Running {
  readonly name: string;
  readonly process: ChildProcess;
  /** Everything it printed so far. */
  output(): string;
  /** Settles when it has ended, with its exit code or signal. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** Ends it, by force where it hangs; returns its exit code or signal. */
  stop(signal?: NodeJS.Signals): Promise<number | NodeJS.Signals>;
}

const GRACE = 5_000;
/** Less than a test has: what the server printed last says more than that the test took too long. */
const PATIENCE: Patience = { quiet: 30_000, longest: 540_000 };

/** By the process that heads each. */
const groups = new Set<number>();
process.once('exit', () => {
  for (const pid of groups) endGroup(pid);
});

function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody is left in it.
  }
}

/** Returns whether `address` answers 200 before `signal` aborts. */
async function answersBefore(signal: AbortSignal, address: URL): Promise<boolean> {
  while (!signal.aborted) {
    const status = await fetch(address, { signal }).then(
      (answer) => answer.status,
      () => undefined,
    );
    if (status === 200) return true;
    await later(100);
  }
  return false;
}

/** Starts a server and waits until it is ready. Throws with its last lines when it ends or hangs before. */
export async function launch({
  name,
  command,
  args,
  env,
  cwd,
  ready,
  patience,
  user,
  stopSignal = 'SIGTERM',
  grace = GRACE,
  group = false,
}: Launch): Promise<Running> {
  const child = spawn(command, args, {
    ...(cwd ? { cwd } : {}),
    ...user,
    detached: group,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let printed = 0;
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('error', (error) => {
      output += `${error.message}\n`;
      resolve(1);
    });
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 1));
  });
  const { pid } = child;
  if (group && pid !== undefined) {
    groups.add(pid);
    void ended.then(() => {
      groups.delete(pid);
      endGroup(pid);
    });
  }

  const waiting = new AbortController();
  const isReady = new Promise<void>((resolve) => {
    const read = (chunk: Buffer) => {
      output = (output + chunk.toString('utf8')).slice(-100_000);
      printed += chunk.length;
      if (ready instanceof RegExp && ready.test(output)) resolve();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    if (ready instanceof URL)
      void answersBefore(waiting.signal, ready).then((yes) => {
        if (yes) resolve();
      });
  });

  const givenUp = (bounds: Patience, signal: AbortSignal): Promise<string> => {
    const used = () => (pid === undefined ? 0 : processorTime(pid));
    return whenGivenUp({ printed: () => printed, used }, bounds, signal);
  };

  const running: Running = {
    name,
    process: child,
    output: () => output,
    ended,
    async stop(signal = stopSignal) {
      child.kill(signal);
      const over = new AbortController();
      const hangs = givenUp({ ...PATIENCE, quiet: grace }, over.signal);
      hangs.then(
        () => child.kill('SIGKILL'),
        () => {},
      );
      const code = await ended;
      over.abort();
      return code;
    },
  };

  const over = new AbortController();
  const hangs = givenUp({ ...PATIENCE, ...patience }, over.signal);
  hangs.catch(() => {});
  const outcome = await Promise.race([
    isReady.then(() => 'ready'),
    ended.then((code) => `ended with ${code}`),
    hangs,
  ]);
  over.abort();
  waiting.abort();
  if (outcome !== 'ready') {
    await running.stop('SIGKILL');
    throw new Error(`${name} ${outcome}\n${output.trim().split('\n').slice(-8).join('\n')}`);
  }
  return running;
}
