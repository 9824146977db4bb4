import type { SentryOptions } from '@artel/telemetry-sentry';
import { isEcho } from './react18Echoes';
import { warnOnce } from './warnOnce';

type Sentry = typeof import('@artel/telemetry-sentry');
type Task = (sentry: Sentry) => void;

/** What may wait until Sentry has loaded, or until consent is given. */
const MAX_WAITING = 50;

let loaded: Sentry | undefined;
let loading = false;
let wanted = false;
/** `undefined` while nobody wants Sentry. */
let waiting: Task[] | undefined;

/** Gives a task to Sentry: now, or when it has loaded, or never where the app does without it. */
export function tellSentry(task: Task): void {
  if (loaded) task(loaded);
  else if (waiting && waiting.length < MAX_WAITING) waiting.push(task);
}

/** An uncaught error while Sentry, whose own listeners come with its chunk, is on its way: the crash at the start. */
function hear(event: Event): void {
  if (__DEV__ && isEcho()) return;
  // Of a thrown null there is nothing but the message.
  const thrown = 'error' in event && (event.error ?? ('message' in event && event.message));
  const error: unknown = 'reason' in event ? event.reason : thrown;
  if (error) tellSentry((sentry) => sentry.captureError(error, { handled: false, mechanism: event.type }));
}

function listen(verb: 'addEventListener' | 'removeEventListener'): void {
  window[verb]('error', hear);
  window[verb]('unhandledrejection', hear);
}

/** Lets what Sentry is told wait for it. */
export function awaitSentry(): void {
  waiting = [];
  listen('addEventListener');
}

async function load(options: SentryOptions): Promise<void> {
  if (loading) return;
  loading = true;
  try {
    const sentry = await import('@artel/telemetry-sentry');
    // Consent may have been withdrawn while the chunk was on its way.
    if (wanted) {
      sentry.initSentry(options);
      sentry.setSentryConsent(true);
      loaded = sentry;
      for (const task of waiting ?? []) task(sentry);
    }
  } catch (error) {
    warnOnce(`Sentry did not start (are @artel/telemetry-sentry and @sentry/react installed?): ${error}`);
  }
  loading = false;
  dismissSentry();
}

/** Loads Sentry or lets it go on (`true`); forgets what waits and silences it (`false`). */
export function grantSentry(options: SentryOptions, granted: boolean): void {
  wanted = granted;
  if (loaded) loaded.setSentryConsent(granted);
  else if (granted) {
    if (!waiting) awaitSentry();
    void load(options);
  } else dismissSentry();
}

/** Waits for Sentry no more. */
function dismissSentry(): void {
  waiting = undefined;
  listen('removeEventListener');
}
