import { type ChildProcess, spawn } from 'node:child_process';

/** One server to start. */
export interface Launch {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What it prints, on either stream, once it answers. */
  readonly ready: RegExp;
  /** Ms that it may take until then. */
  readonly timeout?: number;
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

/** Starts a server and waits until it says that it is ready. Throws with its last lines when it ends or hangs before. */
export async function launch({
  name,
  command,
  args,
  env,
  cwd,
  ready,
  timeout = 30_000,
}: Launch): Promise<Running> {
  const child = spawn(command, args, {
    ...(cwd ? { cwd } : {}),
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

  const isReady = new Promise<void>((resolve) => {
    const read = (chunk: Buffer) => {
      output = (output + chunk.toString('utf8')).slice(-100_000);
      if (ready.test(output)) resolve();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
  });

  const running: Running = {
    name,
    process: child,
    output: () => output,
    ended,
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      const timer = setTimeout(() => child.kill('SIGKILL'), GRACE);
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
  if (outcome !== 'ready') {
    await running.stop('SIGKILL');
    throw new Error(`${name} ${outcome}\n${output.trim().split('\n').slice(-8).join('\n')}`);
  }
  return running;
}
