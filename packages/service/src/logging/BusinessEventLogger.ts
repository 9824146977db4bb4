/** What is needed of a logger; pino's fits. */
export interface InfoLogger {
  /** Writes a line of level `info` with these fields. */
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** Logs what happens in the business under the categories that dashboards and queries read (section 1 of the seed). */
export class BusinessEventLogger {
  readonly #logger: InfoLogger;

  constructor(logger: InfoLogger) {
    this.#logger = logger;
  }

  /** `category="business_event"`: something happened in a game. */
  logGameEvent(
    eventType: string,
    sessionId: string,
    playerId: string,
    eventData: Readonly<Record<string, unknown>> = {},
  ): void {
    this.#logger.info(
      {
        event_type: eventType,
        session_id: sessionId,
        player_id: playerId,
        event_data: eventData,
        category: 'business_event',
      },
      'Game event occurred',
    );
  }

  /** `category="user_action"`: a user did something. */
  logUserAction(action: string, userId: string, metadata: Readonly<Record<string, unknown>> = {}): void {
    this.#logger.info(
      { action, user_id: userId, metadata, category: 'user_action' },
      'User action performed',
    );
  }

  /** `category="system_metric"`: a reading of the system, in the metric's own unit. */
  logSystemMetric(metricName: string, value: number, labels: Readonly<Record<string, string>> = {}): void {
    this.#logger.info(
      { metric_name: metricName, metric_value: value, labels, category: 'system_metric' },
      'System metric recorded',
    );
  }
}
