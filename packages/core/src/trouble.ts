import { attempt, type Environment } from './page/environment';

/** Kinds of trouble, each reported once. */
type TroubleCode = 'delivery' | 'integration' | 'invalid' | 'storage' | 'user';

export type Report = (code: TroubleCode, detail: unknown) => void;

/** What went wrong, for the developer. */
export interface Trouble {
  /** Warns in the console, once for each code, where `debug` is on. */
  readonly report: Report;
  /** Why the last attempt to send failed; `undefined` once an attempt succeeds. */
  lastError: string | undefined;
}

const SENTENCES: Readonly<Record<TroubleCode, string>> | undefined = __DEV__
  ? {
      delivery: 'events are not delivered',
      integration: 'an integration could not be set up',
      invalid: 'an event was dropped',
      storage: 'IndexedDB does not work, events wait in localStorage or in memory',
      user: 'setUser takes a string or a finite number, null or an empty string to sign out; ignored',
    }
  : undefined;

interface TroubleDeps {
  readonly console: Environment['console'];
  readonly debug: boolean;
}

export function createTrouble({ console, debug }: TroubleDeps): Trouble {
  const reported = new Set<TroubleCode>();
  return {
    lastError: undefined,
    report(code, detail) {
      if (!debug || reported.has(code)) return;
      reported.add(code);
      // A page may have put anything in the console's place.
      attempt(() => console.warn(`[artel-telemetry] ${SENTENCES?.[code] ?? code}: ${detail}`));
    },
  };
}
