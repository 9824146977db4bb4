/** Replaced by the bundler, as for React itself. */
declare const process: { readonly env: { readonly NODE_ENV?: string } };

const told = new Set<string>();

/** Says something in the console, once, and in development only: a production build drops the words as well. */
export function warnOnce(message: string): void {
  if (process.env.NODE_ENV !== 'production') {
    if (told.has(message)) return;
    told.add(message);
    // biome-ignore lint/suspicious/noConsole: the one place from which this package warns, in development
    console.warn(`[artel-telemetry] ${message}`);
  }
}
