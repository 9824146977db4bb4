import { utf8Length } from '@artel/telemetry-protocol';
import { type Entry, toJson } from '../keep/entry';
import type { Now } from '../page/clock';
import { attempt, type Environment } from '../page/environment';
import type { User } from '../user';

/**
 * Chromium lets all beacons and keepalive requests of a page together hold 64 KiB
 * (https://fetch.spec.whatwg.org/#http-network-or-cache-fetch); the rest is left to the app.
 */
const BUDGET = 49_152;

/** Ms for which a beacon counts as in flight, since the browser does not say when it has arrived. */
const FLIGHT = 5_000;

/** Returns the body of a request: the entry, and what each attempt adds. */
export type Payload = (entry: Entry) => string;

/** Sends from a dying page. */
export interface Beacon {
  /** Hands entries to the browser, as many as fit. Returns whether any is in flight. Nothing confirms them. */
  send(entries: readonly Entry[]): boolean;
}

interface PayloadDeps {
  readonly now: Now;
  readonly key: string | undefined;
  readonly user: User;
}

export function createPayload({ now, key, user }: PayloadDeps): Payload {
  return (entry) => {
    // By the clock of the events' own times, and never before them: where an earlier page's clock was ahead, they would
    // lie in the future, which the gateway refuses.
    const head = { sentAt: Math.max(now(), entry.at), key, token: user.tokenFor(entry) };
    return `${toJson(head).slice(0, -1)},${entry.body.slice(1)}`;
  };
}

interface BeaconDeps {
  readonly environment: Environment;
  readonly endpoint: string;
  readonly payload: Payload;
}

export function createBeacon({ environment, endpoint, payload }: BeaconDeps): Beacon {
  const inFlight = new Map<Entry, { readonly at: number; readonly bytes: number }>();
  return {
    send(entries) {
      const now = environment.performance.now();
      let left = BUDGET;
      for (const [entry, { at, bytes }] of inFlight) {
        if (now - at > FLIGHT) inFlight.delete(entry);
        else left -= bytes;
      }
      for (const entry of entries) {
        // Several events announce one hiding; one beacon is enough.
        if (inFlight.has(entry)) continue;
        const text = payload(entry);
        const bytes = utf8Length(text);
        if (bytes > left) continue;
        // WebKit has thrown here (https://bugs.webkit.org/show_bug.cgi?id=188329); the outbox still has them all.
        if (!attempt(() => environment.navigator.sendBeacon(endpoint, text))) break;
        left -= bytes;
        inFlight.set(entry, { at: now, bytes });
      }
      return inFlight.size > 0;
    },
  };
}
