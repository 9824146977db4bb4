import type { HealthCheck } from '@artel/telemetry-service/health';
import type { GameEvent } from '../gameEvent';
import type { Carried } from '../storage/storage';

/** Takes an event; rejects where it could not, and gets it again then. */
export type GameEventHandler = (event: GameEvent, requestId: string | undefined) => Promise<void>;

/** Carries events to whoever counts them. */
export interface GameBus {
  /** Resolves once the event cannot be lost any more. */
  publish(event: GameEvent, carried: Carried): Promise<void>;
  readonly health?: HealthCheck;
  close(): Promise<void>;
}
