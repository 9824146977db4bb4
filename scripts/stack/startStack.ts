import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Launch, launch, type Running } from '@artel/test-support/programs/launch';
import { type StackPart, startingSteps } from './stackPart';

/** The stack at work. */
export interface RunningStack {
  /** What runs now, by name. */
  find(name: string): Running | undefined;
  /** Ends everything, the apps before their servers. */
  stop(): Promise<void>;
}

export interface StackOptions {
  /** Where each part's log goes, a file for each. */
  readonly logs: string;
  /** Told of each part that ends by itself: what happened, in one line. The others go on, as Prometheus shall see it. */
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Starts the parts, step by step. Throws what the first part that does not start has printed last, after it has
 * ended all that ran. When `signal` aborts, what runs is ended and the reason thrown; what was only about to run ends with
 * this process.
 */
export async function startStack(
  parts: readonly StackPart[],
  { logs, say, signal }: StackOptions,
): Promise<RunningStack> {
  const started: Running[][] = [];
  let stopping = false;
  mkdirSync(logs, { recursive: true });

  const stop = async (): Promise<void> => {
    stopping = true;
    for (const step of [...started].reverse()) await Promise.all(step.map((one) => one.stop()));
  };

  const run = async (part: Launch, step: Running[]): Promise<void> => {
    const running = await launch({ patience: { longest: 1_800_000 }, ...part });
    step.push(running);
    const path = join(logs, `${part.name}.log`);
    const log = createWriteStream(path, { mode: 0o600 });
    log.write(running.output());
    for (const stream of [running.process.stdout, running.process.stderr])
      stream?.on('data', (chunk: Buffer) => log.write(chunk));
    // What it said last may come after its end.
    running.process.once('close', () => log.end());
    void running.ended.then((code) => {
      if (!stopping) say(`${part.name} ended with ${code}; its log is ${path}`);
    });
  };

  const aborted = new Promise<never>((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  for (const name of startingSteps) {
    const step: Running[] = [];
    started.push(step);
    const beginning = parts.filter((part) => part.step === name);
    try {
      // In full even where one fails: what starts beside it is to be ended too.
      const settled = Promise.allSettled(beginning.map(async (part) => run(part.launch(), step)));
      const outcomes = await Promise.race([settled, aborted]);
      for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    } catch (error) {
      await stop();
      throw error;
    }
  }
  return { find: (name) => started.flat().find((one) => one.name === name), stop };
}
