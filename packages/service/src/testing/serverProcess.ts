import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** A real server that a test may stop and start. */
export interface RunningServer {
  readonly port: number;
  readonly url: string;
  /** Sends a signal to every process of the server; SIGSTOP makes it hang, SIGCONT goes on. */
  signal(signal: NodeJS.Signals): void;
  /** Ends it in mid-work, and waits until it is gone. */
  stop(): Promise<void>;
  /** Starts it again on the same port, over the same files. */
  start(): Promise<void>;
  /** Ends it and removes its files. */
  close(): Promise<void>;
}

/** How one kind of server is run. */
export interface ServerKind {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly options: SpawnOptions;
  /** What ends it at once. */
  readonly stopSignal: NodeJS.Signals;
  /** Resolves when it answers, rejects while it does not. */
  answers(): Promise<unknown>;
}

/** A process group that was started here. */
export interface ProcessGroup {
  readonly child: ChildProcess;
  signal(signal: NodeJS.Signals): void;
  ended(): boolean;
}

/** Five minutes: on a busy machine RabbitMQ takes more than one. */
const START_ATTEMPTS = 3_000;

export const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Resolves once `holds` does; the test's own time bounds it. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await later(20);
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (typeof address !== 'object' || !address) throw new Error('no port');
  return address.port;
}

function refuses(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const tell = (refused: boolean) => {
      socket.destroy();
      resolve(refused);
    };
    socket.once('connect', () => tell(false));
    socket.once('error', (error) => tell('code' in error && error.code === 'ECONNREFUSED'));
  });
}

/** What stands on PATH under a name. */
export function onPath(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** The user to run a server as that refuses root: `name` where there is one, else nobody; none where we are not root. */
export function unprivileged(name: string): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = (flag: string, user: string): number => {
    const { status, stdout } = spawnSync('id', [flag, user], { encoding: 'utf8' });
    return status === 0 ? Number(stdout) : Number.NaN;
  };
  const user = [name, 'nobody'].find((one) => Number.isInteger(idOf('-u', one)));
  if (user === undefined)
    throw new Error(`root may not run this server, and there is no user ${name} or nobody`);
  return { uid: idOf('-u', user), gid: idOf('-g', user) };
}

/** A folder of the server's own. */
export function serverFolder(name: string, owner?: { readonly uid: number; readonly gid: number }): string {
  const folder = mkdtempSync(join(tmpdir(), `artel-${name}-`));
  if (owner) chownSync(folder, owner.uid, owner.gid);
  return folder;
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

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone already.
  }
}

/** Starts a program as the head of a process group, so that what it starts ends with it. */
export function startGroup(program: string, args: readonly string[], options: SpawnOptions): ProcessGroup {
  const child = spawn(program, [...args], { stdio: 'ignore', ...options, detached: true });
  let failed = false;
  child.once('error', () => {
    failed = true;
  });
  const ended = () => failed || child.exitCode !== null || child.signalCode !== null;
  const signal = (name: NodeJS.Signals): void => {
    if (child.pid === undefined) return;
    if (name === 'SIGSTOP' || name === 'SIGCONT') for (const one of family(child.pid)) send(one, name);
    else send(-child.pid, name);
  };
  const endOnExit = () => signal('SIGKILL');
  process.once('exit', endOnExit);
  child.once('exit', () => process.off('exit', endOnExit));
  return { child, ended, signal };
}

/** Runs a server of a kind on a port, and waits until it answers. `folder` is removed at the end. */
export async function runServer(
  kind: ServerKind,
  place: { readonly port: number; readonly url: string; readonly folder: string },
): Promise<RunningServer> {
  let group: ProcessGroup | undefined;
  const stop = async (): Promise<void> => {
    const running = group;
    if (!running || running.ended()) return;
    const gone = once(running.child, 'exit');
    running.signal('SIGCONT');
    running.signal(kind.stopSignal);
    await gone;
    // What the server itself has started may live a little longer, over the same files.
    running.signal('SIGKILL');
    await until(() => refuses(place.port));
  };
  const start = async (): Promise<void> => {
    group = startGroup(kind.program, kind.args, kind.options);
    for (let attempt = 0; attempt < START_ATTEMPTS; attempt++) {
      if (group.ended()) throw new Error(`${kind.name} ended at its start (${group.child.exitCode})`);
      const answered = await kind.answers().then(
        () => true,
        () => false,
      );
      if (answered) return;
      await later(100);
    }
    throw new Error(`${kind.name} does not answer`);
  };

  await start();
  return {
    ...place,
    signal: (signal) => group?.signal(signal),
    stop,
    start,
    async close() {
      await stop();
      rmSync(place.folder, { recursive: true, force: true });
    },
  };
}
