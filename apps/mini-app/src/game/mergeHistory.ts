import type { Session } from './session';

/** Finished games of the device and of the service, each once, newest first. */
export function mergeHistory(here: readonly Session[], told: readonly Session[]): Session[] {
  const games = new Map<string, Session>();
  // The number alone would not do: a service that keeps its games in memory starts again from 1.
  for (const session of [...told, ...here]) games.set(`${session.id} ${session.createdAt}`, session);
  return [...games.values()]
    .filter((session) => session.status === 'finished')
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt));
}
