export interface SignalOptions {
  readonly signals: readonly NodeJS.Signals[];
  /** Closes the server; it has its own deadline. */
  readonly close: () => Promise<unknown>;
  readonly process: Pick<NodeJS.Process, 'on' | 'off' | 'listenerCount' | 'kill' | 'pid'>;
}

/**
 * Closes in order at the first signal, and then lets the process end by it, unless somebody else listens too and decides on
 * that. Answers how to stop listening.
 */
export function closeOnSignals({ signals, close, process }: SignalOptions): () => void {
  let isClosing = false;
  const stop = (): void => {
    for (const signal of signals) process.off(signal, onSignal);
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    if (isClosing) return;
    isClosing = true;
    const end = (): void => {
      stop();
      if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
    };
    close().then(end, end);
  };
  for (const signal of signals) process.on(signal, onSignal);
  return stop;
}
