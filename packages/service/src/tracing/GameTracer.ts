import { type Attributes, type Span, type Tracer, trace } from '@opentelemetry/api';

/**
 * Starts the spans of a game (section 7 of the seed). Each method answers a span that the caller ends; what should become
 * its child runs in `context.with(trace.setSpan(context.active(), span), …)`.
 */
export class GameTracer {
  readonly #tracer: Tracer | undefined;

  /** Takes the process's own tracer unless given one. */
  constructor(tracer?: Tracer) {
    this.#tracer = tracer;
  }

  /** `game.session` with `game.session_id` and `game.type`. */
  traceGameSession(sessionId: string, gameType: string): Span {
    return this.#start('game.session', { 'game.session_id': sessionId, 'game.type': gameType });
  }

  /** `game.event` with `game.event_type`, `game.player_id` and `game.session_id`. */
  traceGameEvent(eventType: string, playerId: string, sessionId: string): Span {
    return this.#start('game.event', {
      'game.event_type': eventType,
      'game.player_id': playerId,
      'game.session_id': sessionId,
    });
  }

  /** `game.score_calculation` with `game.calculation_type` and `game.session_id`. */
  traceScoreCalculation(calculationType: string, sessionId: string): Span {
    return this.#start('game.score_calculation', {
      'game.calculation_type': calculationType,
      'game.session_id': sessionId,
    });
  }

  #start(name: string, attributes: Attributes): Span {
    const tracer = this.#tracer ?? trace.getTracer('@artel/telemetry-service');
    return tracer.startSpan(name, { attributes });
  }
}
