import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** As `buildah inspect` tells of an image. */
export interface ContainerSettings {
  readonly User: string;
  readonly Env: readonly string[];
  readonly Entrypoint: readonly string[];
  readonly StopSignal: NodeJS.Signals;
  readonly Healthcheck: { readonly Test: readonly string[] };
}

export interface ContainerOptions {
  /** The image's files, mounted. */
  readonly root: string;
  readonly settings: ContainerSettings;
  /** Folder that is mounted at `/data`. */
  readonly data: string;
  /** More variables, before those of the image. */
  readonly env: Readonly<Record<string, string>>;
}

/** The image at work, as Kubernetes runs it: read-only, process 1 of its own, as the image's user, without rights. */
export interface Container {
  /** Resolves with the first line that matches. Rejects with all that was printed, when it ends before. */
  printed(pattern: RegExp): Promise<string>;
  /** Runs a command beside it, with its variables, as `kubectl exec` does. */
  run(command: readonly string[]): { readonly code: number | null; readonly output: string };
  /** The line of that name in `/proc/…/status`. */
  status(name: string): string;
  /** Sends the image's stop signal, where it runs; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** As a node that loses its power. */
  kill(): Promise<unknown>;
}

const mountAndRun = `
  mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" &&
  mount --bind "$2" "$1/data" && mount -t proc proc "$1/proc" &&
  shift 2 && exec "$@"
`;

export function startContainer({ root, settings, data, env }: ContainerOptions): Container {
  const variables = [...settings.Env, ...Object.entries(env).map(([name, value]) => `${name}=${value}`)];
  const inside = (command: readonly string[]): string[] => [
    ...['env', '-i', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin', ...variables],
    ...['setpriv', '--no-new-privs', 'chroot', `--userspec=${settings.User}`, root, ...command],
  ];
  const child = spawn(
    'unshare',
    [
      ...['--mount', '--pid', '--fork', '--propagation', 'private', '--kill-child'],
      ...['--', 'sh', '-c', mountAndRun, 'sh', root, data],
      ...inside(settings.Entrypoint),
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
  }
  /** `unshare` waits, and takes no signal; its child is process 1 inside. */
  const first = (): number =>
    Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim());

  return {
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const line = output.split('\n').find((one) => pattern.test(one));
          if (line !== undefined) resolve(line);
        };
        child.stdout.on('data', look);
        child.stderr.on('data', look);
        void exited.then((code) => reject(new Error(`ended with ${code}: ${output}`)));
        look();
      }),
    run(command) {
      const enter = [`--target=${first()}`, '--mount', '--pid', '--', ...inside(command)];
      const { status, stdout, stderr } = spawnSync('nsenter', enter, { encoding: 'utf8' });
      return { code: status, output: stdout + stderr };
    },
    status(name) {
      const lines = readFileSync(`/proc/${first()}/status`, 'utf8').split('\n');
      const line = lines.find((one) => one.startsWith(`${name}:`)) ?? '';
      return line.slice(name.length + 1).trim();
    },
    stop() {
      // One that has ended needs no signal, and has no process to get it.
      if (child.exitCode === null && child.signalCode === null) process.kill(first(), settings.StopSignal);
      return exited;
    },
    kill() {
      process.kill(first(), 'SIGKILL');
      return exited;
    },
  };
}
