import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as later } from 'node:timers/promises';

/** One server to start. */
export interface Launch {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What it prints, on either stream, once it answers; or an address that answers 200 from then on. */
  readonly ready: RegExp | URL;
  /** Ms that it may take until then. */
  readonly timeout?: number;
  /** Whom to run it as: some servers refuse root. */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** What asks it to end in good order; SIGTERM where nothing is said. */
  readonly stopSignal?: NodeJS.Signals;
  /** Ms from then on until it is ended by force; 5 s. */
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
  /** Ends it, by force after five seconds; answers its exit code or signal. */
  stop(signal?: NodeJS.Signals): Promise<number | NodeJS.Signals>;
}

const GRACE = 5_000;

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
  timeout = 30_000,
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
      if (ready instanceof RegExp && ready.test(output)) resolve();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    if (ready instanceof URL)
      void answersBefore(waiting.signal, ready).then((yes) => {
        if (yes) resolve();
      });
  });

  const running: Running = {
    name,
    process: child,
    output: () => output,
    ended,
    async stop(signal = stopSignal) {
      child.kill(signal);
      const timer = setTimeout(() => child.kill('SIGKILL'), grace);
      const code = await ended;
      clearTimeout(timer);
      return code;
    },
  };

  let timer: NodeJS.Timeout | undefined;
  const outcome = await Promise.race([
    isReady.then(() => 'ready'),
    ended.then((code) => `ended with ${code}`),
    new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve(`did not answer within ${timeout / 1_000} s`), timeout);
    }),
  ]);
  clearTimeout(timer);
  waiting.abort();
  if (outcome !== 'ready') {
    await running.stop('SIGKILL');
    throw new Error(`${name} ${outcome}\n${output.trim().split('\n').slice(-8).join('\n')}`);
  }
  return running;
}
