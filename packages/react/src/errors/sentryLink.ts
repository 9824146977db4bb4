import type { SentryOptions } from '@artel/telemetry-sentry';
import { warnOnce } from '../warnOnce';
import { isControlFlow } from './controlFlow';

type Sentry = typeof import('@artel/telemetry-sentry');
type Task = (sentry: Sentry) => void;

let loaded: Sentry | undefined;
let isWanted = false;
/** `undefined` unless Sentry may still load. At most 100 tasks wait; those beyond are lost. */
let waiting: Task[] | undefined;

/** Runs a task with Sentry: now, or once it has loaded, or never if the app does not use it. */
export function tellSentry(task: Task): void {
  if (loaded) task(loaded);
  else if (waiting && waiting.length < 100) waiting.push(task);
}

/** What is read of an `ErrorEvent` or a `PromiseRejectionEvent`. */
interface UncaughtEvent {
  readonly type: string;
  readonly error?: unknown;
  readonly message?: unknown;
  readonly reason?: unknown;
}

/** Keeps an uncaught error for Sentry until it has loaded; its own listeners come with its chunk. */
function onUncaught({ type, error, message, reason = error ?? message }: UncaughtEvent): void {
  // For a thrown null there is nothing but the message.
  if (!loaded && reason && !isControlFlow(reason)) {
    tellSentry((sentry) => sentry.captureError(reason, { handled: false, mechanism: type }));
  }
}

async function load(options: SentryOptions): Promise<void> {
  try {
    // Within `try`, so that bundlers accept that this optional peer may be missing.
    const sentry = await import('@artel/telemetry-sentry');
    // Consent may have been withdrawn, and given again, while the chunk was loading.
    if (!isWanted || loaded) return;
    sentry.initSentry(options);
    sentry.setSentryConsent(true);
    loaded = sentry;
    for (const task of waiting ?? []) task(sentry);
  } catch (error) {
    if (__DEV__)
      warnOnce(`Sentry did not start (are @artel/telemetry-sentry and @sentry/react installed?): ${error}`);
  }
  waiting = undefined;
}

/**
 * Applies the user's consent to Sentry. `true` loads it and hands over what waits; `'pending'` lets errors wait in memory;
 * `false` discards what waits, and silences Sentry if it has loaded.
 */
export function followConsent(options: SentryOptions, consent: boolean | 'pending'): void {
  isWanted = consent === true;
  if (loaded) loaded.setSentryConsent(isWanted);
  else {
    waiting = consent ? (waiting ?? []) : undefined;
    // Adding a listener again has no effect.
    for (const type of ['error', 'unhandledrejection'])
      window.addEventListener(type, onUncaught as EventListener);
    if (isWanted) void load(options);
  }
}
