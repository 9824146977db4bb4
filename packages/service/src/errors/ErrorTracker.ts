import { addBreadcrumb, captureException, captureMessage, setMeasurement, withScope } from '@sentry/node';

/** What is known of the game in which something failed. */
export interface GameContext {
  readonly type?: string;
  readonly players_count?: number;
  readonly state?: unknown;
}

/** Tells Sentry of failures in the words of the house (section 6 of the seed). Before {@link setupSentry} it does nothing. */
export class ErrorTracker {
  /** An error of a game, tagged `error_type=game_error`, with the context `game`. An error is sent once, whoever captures it. */
  captureGameError(error: unknown, sessionId: string, userId: string, gameContext: GameContext = {}): void {
    withScope((scope) => {
      scope.setTag('error_type', 'game_error');
      scope.setContext('game', {
        session_id: sessionId,
        user_id: userId,
        game_type: gameContext.type,
        players_count: gameContext.players_count,
        game_state: gameContext.state,
      });
      scope.setLevel('error');
      captureException(error);
    });
  }

  /** A reading of the business: a measurement of the running Sentry transaction, if there is one, and a breadcrumb. */
  captureBusinessMetric(
    metricName: string,
    value: number,
    context: Readonly<Record<string, unknown>> = {},
  ): void {
    setMeasurement(metricName, value, 'none');
    addBreadcrumb({
      message: `Business metric: ${metricName} = ${value}`,
      category: 'business',
      level: 'info',
      data: { ...context },
    });
  }

  /** A warning when `duration` is over `threshold`, both in ms; nothing otherwise. */
  capturePerformanceIssue(
    operation: string,
    duration: number,
    threshold: number,
    context: Readonly<Record<string, unknown>> = {},
  ): void {
    if (!(duration > threshold)) return;
    withScope((scope) => {
      scope.setTag('performance_issue', operation);
      scope.setContext('performance', {
        ...context,
        operation,
        duration_ms: duration,
        threshold_ms: threshold,
      });
      // Without the duration in it, so that Sentry takes all of one operation for one issue.
      scope.setFingerprint(['performance', operation]);
      captureMessage(`Performance issue: ${operation} took ${duration}ms`, 'warning');
    });
  }

  /** A critical event of security, tagged `security_event`; `record` holds hashes in place of addresses and users. */
  captureSecurityEvent(eventType: string, record: object = {}): void {
    withScope((scope) => {
      scope.setTag('security_event', eventType);
      scope.setContext('security', { ...record });
      captureMessage(`Critical security event: ${eventType}`, 'error');
    });
  }
}
