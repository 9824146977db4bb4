const told = new Set<string>();

/** Says something in the console, once, and in development only: a production build drops the words as well. */
export function warnOnce(message: string): void {
  if (__DEV__) {
    if (told.has(message)) return;
    told.add(message);
    // biome-ignore lint/suspicious/noConsole: the one place from which this package warns, in development
    console.warn(`[artel-telemetry] ${message}`);
  }
}
