import { REQUEST_ID } from '../carriedRequest';
import type { GameBus, GameEventHandler } from './gameBus';

/** Hands events over within this process: one has arrived once it was handled. */
export function createLocalBus(handle: GameEventHandler): GameBus {
  return {
    publish: (event, carried) => handle(event, carried[REQUEST_ID]),
    close: async () => {},
  };
}
