import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { onTestFinished } from 'vitest';
import { launch, type Run, started } from './cli.fixture';
import { fileOf, STEADY, tempDir } from './gateway.fixture';

/** One answer as it came over the wire. */
export interface RawAnswer {
  readonly status: number;
  /** The head as it was, in lower case. */
  readonly head: string;
  readonly body: string;
}

/** A client that keeps to no rule: what it sends is bytes, and it never ends its side by itself. */
export interface Peer {
  write(data: string | Uint8Array): void;
  /** Everything that has come, as answers. */
  answers(): readonly RawAnswer[];
  /** Resolves with the first answers, once there are so many of them. */
  answered(count?: number): Promise<readonly RawAnswer[]>;
  /** Reads no more. */
  pause(): void;
  /** Cuts the connection without a word. */
  reset(): void;
  /** Resolves once the gateway has the connection no more: it has not only ended its side of it, but let it go. */
  gone(): Promise<void>;
}

/** What is whole of a stream of answers that all have a `Content-Length` or no body. */
function readAnswers(text: string): RawAnswer[] {
  const answers: RawAnswer[] = [];
  for (let from = 0; ; ) {
    const end = text.indexOf('\r\n\r\n', from);
    if (end < 0) return answers;
    const head = text.slice(from, end).toLowerCase();
    const length = Number(/\r\ncontent-length: (\d+)/.exec(head)?.[1] ?? 0);
    from = end + 4 + length;
    if (text.length < from) return answers;
    const status = Number(/^http\/1\.[01] (\d{3})/.exec(head)?.[1] ?? 0);
    if (status >= 200) answers.push({ status, head, body: text.slice(end + 4, from) });
  }
}

const PROBE_MS = 50;

/** Connects to a gateway. Answers are read as Latin-1, so that lengths are those of bytes. */
export async function dial(url: string): Promise<Peer> {
  const { port, hostname } = new URL(url);
  const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
  onTestFinished(() => void socket.destroy());
  let text = '';
  let isCut = false;
  socket.setEncoding('latin1').on('data', (chunk) => {
    text += String(chunk);
  });
  // A reset is what a hostile client has to expect.
  socket.on('error', () => {
    isCut = true;
  });
  socket.on('close', () => {
    isCut = true;
  });
  let isEnded = false;
  socket.on('end', () => {
    isEnded = true;
  });
  await new Promise<void>((resolve) => {
    socket.once('connect', resolve);
    socket.once('close', () => resolve());
  });
  return {
    write: (data) => void (isCut || socket.write(data)),
    answers: () => readAnswers(text),
    async answered(count = 1) {
      for (;;) {
        const answers = readAnswers(text);
        if (answers.length >= count) return answers;
        if (isEnded || isCut) throw new Error(`the connection ended after ${JSON.stringify(text)}`);
        await sleep(5);
      }
    },
    pause: () => void socket.pause(),
    reset: () => void socket.resetAndDestroy(),
    async gone() {
      // Who is gone answers the next byte with a reset, and who has ended only its own side takes it.
      while (!isCut) {
        await sleep(PROBE_MS);
        if (isEnded || socket.isPaused()) socket.write('\r\n');
      }
    },
  };
}

/** Runs the built gateway in a process, by a configuration. */
export function hostileGateway(yaml: string, env: Record<string, string> = {}): Promise<Run> {
  const config = yaml.includes('overload:')
    ? yaml.replace('overload: {', 'overload: { delayMs: 60000,')
    : `${yaml}\n${STEADY}`;
  return started(launch({ GATEWAY_CONFIG: fileOf(config), DATA_DIR: tempDir(), ...env }));
}

/** Memory of a process that is resident now, and the most that ever was, in MiB; `undefined` where it cannot be told. */
export function residentMiB(
  pid: number | undefined,
): { readonly now: number; readonly peak: number } | undefined {
  const path = `/proc/${pid}/status`;
  if (!existsSync(path)) return undefined;
  const status = readFileSync(path, 'utf8');
  const read = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? Number.NaN) / 1_024;
  return { now: read('VmRSS'), peak: read('VmHWM') };
}

/** The environment of a gateway whose memory `collectedMiB` reads. */
export function collecting(): Record<string, string> {
  const path = fileOf(
    `import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
process.on('SIGUSR2', () => {
  collect();
  process.stderr.write('collected\\n');
});
`,
    'collect.mjs',
  );
  return { NODE_OPTIONS: `--import=${pathToFileURL(path)}` };
}

/** Resident memory without garbage, which lies there for longer the busier the machine is; `undefined` where it cannot be told. */
export async function collectedMiB(child: ChildProcess): Promise<number | undefined> {
  if (residentMiB(child.pid) === undefined) return undefined;
  // What one collection frees, the next one gives back.
  for (let round = 0; round < 3; round++) {
    await new Promise<void>((resolve) => {
      const read = (chunk: unknown): void => {
        if (!String(chunk).includes('collected')) return;
        child.stderr?.off('data', read);
        resolve();
      };
      child.stderr?.on('data', read);
      child.kill('SIGUSR2');
    });
  }
  return residentMiB(child.pid)?.now;
}
