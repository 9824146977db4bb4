import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Launch, launch } from '../programs/launch';
import type { Owner } from '../programs/unprivileged';
import { waitUntil } from '../programs/waitUntil';

/** Where a server listens, and the folder of its files. */
export interface ServerPlace {
  readonly port: number;
  readonly url: string;
  readonly folder: string;
}

/** A real server that a test may stop and start. It ends with this process. */
export interface RunningServer extends ServerPlace {
  /** Of its process, which heads the group of all that it has started. */
  readonly pid: number | undefined;
  /** Everything it printed since it was started last. */
  output(): string;
  /** Sends a signal to every process of the server; SIGSTOP makes it hang, SIGCONT lets it go on. */
  signal(signal: NodeJS.Signals): void;
  /** Ends it, in mid-work unless its starter or the caller names a gentler signal, and waits until it is gone. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again on the same port, over the same files. */
  start(): Promise<void>;
  /** Ends it and removes its files. */
  close(): Promise<void>;
}

function refuses(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (refused: boolean) => {
      socket.destroy();
      resolve(refused);
    };
    socket.once('connect', () => end(false));
    socket.once('error', (error) => end('code' in error && error.code === 'ECONNREFUSED'));
  });
}

/** Makes a folder of a server's own among the system's temporary ones. */
export function serverFolder(name: string, owner?: Owner): string {
  const folder = mkdtempSync(join(tmpdir(), `artel-${name}-`));
  if (owner) chownSync(folder, owner.uid, owner.gid);
  return folder;
}

/** Starts a server as the head of a process group, and waits until it is ready. `close` removes its folder. */
export async function startServer(
  { stopSignal = 'SIGKILL', ...how }: Launch,
  place: ServerPlace,
): Promise<RunningServer> {
  const run = () => launch({ ...how, stopSignal, group: true });
  let running = await run();
  let isRunning = true;
  const stop = async (signal: NodeJS.Signals = stopSignal): Promise<void> => {
    if (!isRunning) return;
    isRunning = false;
    running.signal('SIGCONT');
    await running.stop(signal);
    // What the server itself has started may live a little longer, over the same files.
    await waitUntil(`end of ${how.name}`, () => refuses(place.port));
  };
  return {
    ...place,
    get pid() {
      return running.process.pid;
    },
    output: () => running.output(),
    signal: (signal) => running.signal(signal),
    stop,
    async start() {
      running = await run();
      isRunning = true;
    },
    async close() {
      await stop();
      rmSync(place.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}
