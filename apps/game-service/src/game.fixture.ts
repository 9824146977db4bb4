import { onTestFinished } from 'vitest';
import type { Config } from './readConfig';
import { type GameService, startGameService } from './startGameService';

export type StartOptions = NonNullable<Parameters<typeof startGameService>[1]>;

/** A game service of the running test's own: in memory and silent, unless told otherwise. */
export async function openGame(
  config: Partial<Config> = {},
  options: StartOptions = {},
): Promise<GameService> {
  const service = await startGameService(
    { port: 0, host: '127.0.0.1', storage: 'memory', trustProxy: 'loopback', ...config },
    { env: {}, logging: { level: 'silent' }, signals: [], ...options },
  );
  onTestFinished(() => service.app.close());
  return service;
}
