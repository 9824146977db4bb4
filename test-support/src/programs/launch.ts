import { type ChildProcess, spawnSync } from 'node:child_process';
import { setTimeout as later } from 'node:timers/promises';
import { execa } from 'execa';
import { type Patience, processorTime, whenGivenUp } from './progress';

/** One server to start. */
export interface Launch {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What it prints, on either stream, once it answers; or a question that it answers by then, and rejects before. */
  readonly ready: RegExp | (() => Promise<unknown>);
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

/** A server under way. It ends with this process. */
export interface Running {
  readonly name: string;
  readonly process: ChildProcess;
  /** Everything it printed so far. */
  output(): string;
  /** Settles when it has ended, with its exit code or signal. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** Sends a signal to it; SIGSTOP and SIGCONT to all that it has started too. */
  signal(signal: NodeJS.Signals): void;
  /** Ends it, by force where it hangs; returns its exit code or signal. */
  stop(signal?: NodeJS.Signals): Promise<number | NodeJS.Signals>;
}

const GRACE = 5_000;
/** Less than a test has: what the server printed last says more than that the test took too long. */
const PATIENCE: Patience = { quiet: 30_000, longest: 540_000 };
/** Ms between two questions whether it is ready. */
const PAUSE = 50;

/** By the process that heads each. */
const groups = new Set<number>();
process.once('exit', () => {
  for (const pid of groups) send(-pid, 'SIGKILL');
});

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended already.
  }
}

/** A process and all that it has started, and those in turn: PostgreSQL puts each of its own into a group of its own. */
function family(pid: number): number[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  const pairs = (stdout ?? '').split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  const children = (parent: number): number[] =>
    pairs.flatMap(([child, its]) =>
      its === parent && child !== undefined ? [child, ...children(child)] : [],
    );
  return [pid, ...children(pid)];
}

async function untilAnswered(ask: () => Promise<unknown>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const answered = await ask().then(
      () => true,
      () => false,
    );
    if (answered) return;
    await later(PAUSE);
  }
}

/** Starts a server and waits until it is ready. Throws with its last lines when it ends or hangs before. */
export async function launch({
  name,
  command,
  args,
  env = {},
  cwd,
  ready,
  patience,
  user,
  stopSignal = 'SIGTERM',
  grace = GRACE,
  group = false,
}: Launch): Promise<Running> {
  const { nodeChildProcess: child } = execa(command, args, {
    ...(cwd ? { cwd } : {}),
    ...user,
    env,
    detached: group,
    stdin: 'ignore',
    buffer: false,
    reject: false,
    forceKillAfterDelay: false,
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
      send(-pid, 'SIGKILL');
    });
  }

  const over = new AbortController();
  const isReady = new Promise<void>((resolve) => {
    const read = (chunk: Buffer) => {
      output = (output + chunk.toString('utf8')).slice(-100_000);
      printed += chunk.length;
      if (ready instanceof RegExp && ready.test(output)) resolve();
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    if (!(ready instanceof RegExp)) void untilAnswered(ready, over.signal).then(resolve);
  });

  const givenUp = (bounds: Patience, signal: AbortSignal): Promise<string> => {
    const used = () => (pid === undefined ? 0 : processorTime(pid));
    return whenGivenUp({ printed: () => printed, used }, bounds, signal);
  };

  /** By force, all of its group at once. */
  const end = (signal: NodeJS.Signals): void => {
    if (pid !== undefined) send(group && signal === 'SIGKILL' ? -pid : pid, signal);
  };
  const running: Running = {
    name,
    process: child,
    output: () => output,
    ended,
    signal(signal) {
      if (signal !== 'SIGSTOP' && signal !== 'SIGCONT') end(signal);
      else if (pid !== undefined) for (const one of family(pid)) send(one, signal);
    },
    async stop(signal = stopSignal) {
      end(signal);
      const stopped = new AbortController();
      givenUp({ ...PATIENCE, quiet: grace }, stopped.signal).then(
        () => end('SIGKILL'),
        () => {},
      );
      const code = await ended;
      stopped.abort();
      return code;
    },
  };

  const hangs = givenUp({ ...PATIENCE, ...patience }, over.signal);
  hangs.catch(() => {});
  const outcome = await Promise.race([
    isReady.then(() => 'ready'),
    ended.then((code) => `ended with ${code}`),
    hangs,
  ]);
  over.abort();
  if (outcome !== 'ready') {
    await running.stop('SIGKILL');
    throw new Error(`${name} ${outcome}\n${output.trim().split('\n').slice(-8).join('\n')}`);
  }
  return running;
}
