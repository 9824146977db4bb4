import type { Speech } from '../i18n/useTexts';
import { localName } from './playerNames';
import { standings } from './playGame';
import type { Session } from './session';

/** "Anna wins", "Anna and Boris share the win", "A draw". */
export function verdict(
  { players }: Session,
  { texts: { result, players: written }, format }: Speech,
): string {
  const winners = standings(players).filter((player) => player.place === 1);
  if (winners.length === players.length) return result.draw;
  const names = winners.map((player) => localName(player.name, written));
  const [only] = names;
  return names.length === 1 && only !== undefined ? result.wins(only) : result.shared(format.list(names));
}
