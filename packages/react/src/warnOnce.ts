const warned = new Set<string>();

/** Warns in the console about each message once. Called behind `__DEV__` only, so that production has no messages. */
export function warnOnce(message: string): void {
  if (warned.has(message)) return;
  warned.add(message);
  // biome-ignore lint/suspicious/noConsole: the one place from which this package warns, in development
  console.warn(`[artel-telemetry] ${message}`);
}
