import { captureException, captureReactException } from '@sentry/react';

/** How an error came to be known, and what stood around it. */
export interface ErrorFacts {
  /** Whether the app went on: a boundary showed its fallback, a `catch` took it. `true` when left out. */
  readonly handled?: boolean;
  /** What caught it, in Sentry's words. `generic` when left out. */
  readonly mechanism?: string;
  /** The components above the one that threw, as React tells them. */
  readonly componentStack?: string;
  readonly tags?: Readonly<Record<string, string | number | boolean>>;
  readonly contexts?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Id that the event shall have: 32 lower-case hex digits. */
  readonly eventId?: string;
}

/** Sends an error to Sentry, once however often it is given, and answers the event's id. */
export function captureError(error: unknown, facts: ErrorFacts = {}): string {
  const { componentStack, tags, contexts, eventId } = facts;
  const hint = {
    mechanism: { type: facts.mechanism ?? 'generic', handled: facts.handled ?? true },
    captureContext: {
      tags: { ...tags },
      contexts: { ...contexts, ...(componentStack && { react: { componentStack } }) },
    },
    ...(eventId !== undefined && { event_id: eventId }),
  };
  if (componentStack) {
    try {
      // Links the component stack as a cause, which Sentry then shows with source maps.
      return captureReactException(error, { componentStack }, hint);
    } catch {
      // A frozen error takes no cause: below, the stack goes along as text.
    }
  }
  return captureException(error, hint);
}

/** Sends an error of a game to Sentry, tagged `errorType: game`, with the game's state as context. */
export function captureGameError(
  error: unknown,
  gameContext: Readonly<Record<string, unknown>> = {},
  facts: ErrorFacts = {},
): string {
  return captureError(error, {
    ...facts,
    tags: { ...facts.tags, errorType: 'game' },
    contexts: { ...facts.contexts, game: gameContext },
  });
}
