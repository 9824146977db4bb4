import type { BrowserOptions } from '@sentry/react';

type MakeTransport = NonNullable<BrowserOptions['transport']>;

let open = true;

/** Opens or shuts the one door through which events, spans, sessions and replays leave. */
export function openGate(granted: boolean): void {
  open = granted;
}

/** Wraps a transport so that it sends nothing while the gate is shut; what came meanwhile is gone. */
export function gateTransport(make: MakeTransport): MakeTransport {
  return (options) => {
    const inner = make(options);
    return {
      send: (envelope) => (open ? inner.send(envelope) : Promise.resolve({})),
      flush: (timeout) => inner.flush(timeout),
    };
  };
}
