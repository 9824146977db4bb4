import { inertTelemetry, type Logger, type Telemetry } from '@artel/telemetry-core';
import type { ReactNode } from 'react';
import { TelemetryProvider } from './index';

type Methods = Omit<Telemetry, 'log'> & { readonly [Level in keyof Logger as `log.${Level}`]: Logger[Level] };

/** One recorded call: the method's name, `log.info` and the like for log lines, and then its arguments. */
export type TelemetryCall = {
  readonly [Name in keyof Methods]: readonly [name: Name, ...args: Parameters<Methods[Name]>];
}[keyof Methods];

/** A client for tests that records calls and sends nothing. */
export interface FakeTelemetry {
  readonly client: Telemetry;
  /** The calls so far, oldest first. */
  readonly calls: readonly TelemetryCall[];
  /** Gives a tree this client: `render(<App />, { wrapper })`. */
  readonly wrapper: (props: { readonly children?: ReactNode }) => ReactNode;
}

/** Returns the same methods, each of which also passes its name, after `prefix`, and its arguments to `record`. */
function recordCalls<T extends object>(
  methods: T,
  record: (name: string, args: readonly unknown[]) => void,
  prefix = '',
): T {
  const entries = Object.entries(methods).map(([name, method]) => [
    name,
    typeof method === 'function'
      ? (...args: unknown[]): unknown => {
          record(prefix + name, args);
          return method(...args);
        }
      : recordCalls(method, record, `${name}.`),
  ]);
  return Object.fromEntries(entries);
}

/**
 * Creates a fake client for the test of one component. Its methods return what those of a client do that sends nothing: an
 * empty `stats()`, a span without effect, a promise that resolves.
 */
export function createFakeTelemetry(): FakeTelemetry {
  const calls: TelemetryCall[] = [];
  const client = recordCalls(inertTelemetry(), (name, args) => {
    // Each name is that of a method of the client, with its arguments.
    calls.push([name, ...args] as unknown as TelemetryCall);
  });
  return {
    client,
    calls,
    wrapper: ({ children }) => <TelemetryProvider client={client}>{children}</TelemetryProvider>,
  };
}
