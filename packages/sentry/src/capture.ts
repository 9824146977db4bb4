import {
  addBreadcrumb,
  captureException,
  captureMessage,
  captureReactException,
  getActiveSpan,
  getClient,
} from '@sentry/react';

/** How an error was caught, and its context. */
export interface ErrorFacts {
  /** Whether the app went on: a boundary showed its fallback, or a `catch` handled it. Default `true`. */
  readonly handled?: boolean;
  /** What caught the error, as one of Sentry's mechanism types. Default `generic`. */
  readonly mechanism?: string;
  /** The components above the one that threw, as React reports them. */
  readonly componentStack?: string;
  readonly tags?: Readonly<Record<string, string | number | boolean>>;
  readonly contexts?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Id of the event: 32 lower-case hexadecimal digits. Default: a random one. */
  readonly eventId?: string;
}

/** An argument that throws when it is read (a revoked proxy, a getter) costs this one report, never the app. */
function attempt<T>(report: () => T): T | undefined {
  try {
    return report();
  } catch {
    return undefined;
  }
}

/**
 * Returns an error as Sentry can read it. If Sentry's own reading throws, it counts the event as in progress for ever,
 * and every later flush waits in vain.
 */
function readable(error: unknown): unknown {
  try {
    getClient()?.eventFromException(error, {});
    return error;
  } catch {
    return new Error('an error that cannot be read');
  }
}

/**
 * Sends an error to Sentry, once for each error object, and returns the event's id: an empty string if `facts` cannot
 * be read. Never throws.
 */
export function captureError(thrown: unknown, facts: ErrorFacts = {}): string {
  const capture = () => {
    const error = readable(thrown);
    const { handled = true, mechanism = 'generic', componentStack, tags, contexts, eventId } = facts;
    const hint = {
      mechanism: { type: mechanism, handled },
      captureContext: {
        tags: { ...tags },
        contexts: { ...contexts, ...(componentStack && { react: { componentStack } }) },
      },
      ...(eventId !== undefined && { event_id: eventId }),
    };
    // Links the component stack as a cause, to which Sentry applies source maps. It cannot be linked to a frozen
    // error, which keeps the stack as text in its context.
    const linked = componentStack && attempt(() => captureReactException(error, { componentStack }, hint));
    return linked || captureException(error, hint);
  };
  return attempt(capture) ?? '';
}

/** Sends an error of a game to Sentry, tagged `errorType: game`, with the game's state as context. Never throws. */
export function captureGameError(
  error: unknown,
  gameContext: Readonly<Record<string, unknown>> = {},
  facts: ErrorFacts = {},
): string {
  const gameFacts = () => ({
    ...facts,
    tags: { ...facts.tags, errorType: 'game' },
    contexts: { ...facts.contexts, game: gameContext },
  });
  return captureError(error, attempt(gameFacts));
}

/** Adds a breadcrumb about an action of the player. Never throws. */
export function captureUserAction(
  action: string,
  outcome: 'success' | 'error',
  metadata: Readonly<Record<string, unknown>> = {},
): void {
  attempt(() =>
    addBreadcrumb({
      message: `User action: ${action}`,
      category: 'user',
      level: outcome === 'success' ? 'info' : 'error',
      data: { action, outcome, ...metadata },
    }),
  );
}

/**
 * Adds a breadcrumb about a business metric, such as `games_finished`, and sets the value as an attribute of the active
 * span, if there is one. Never throws.
 */
export function captureBusinessMetric(
  name: string,
  value: number,
  context: Readonly<Record<string, unknown>> = {},
): void {
  attempt(() => {
    getActiveSpan()?.setAttribute(`business.${name}`, value);
    addBreadcrumb({
      message: `Business metric: ${name} = ${value}`,
      category: 'business',
      level: 'info',
      data: { ...context, value },
    });
  });
}

/**
 * Sends a warning about an operation that took longer than its threshold, tagged `performance_issue`, with both times
 * as context. Times in milliseconds. Returns the event's id, or `undefined` if nothing was sent. Never throws.
 */
export function capturePerformanceIssue(
  operation: string,
  duration: number,
  threshold: number,
  context: Readonly<Record<string, unknown>> = {},
): string | undefined {
  return attempt(() => {
    if (!(duration > threshold)) return undefined;
    return captureMessage(`Performance issue: ${operation} took ${Math.round(duration)}ms`, {
      level: 'warning',
      tags: { performance_issue: operation },
      contexts: {
        performance: { ...context, operation, duration_ms: duration, threshold_ms: threshold },
      },
      // Groups by operation: the message contains the time, and would make each event an issue of its own.
      fingerprint: ['performance_issue', operation],
    });
  });
}
