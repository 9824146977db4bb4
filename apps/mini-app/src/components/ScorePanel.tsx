import { localName } from '../game/playerNames';
import type { Player } from '../game/session';
import { useTexts } from '../i18n/useTexts';

interface Props {
  readonly players: readonly Player[];
  /** Id of the player who shoots; none once the game is over. */
  readonly turn: string | undefined;
  /** Kolkhoz scores are debts and claims: they carry their sign. */
  readonly signed: boolean;
}

export function ScorePanel({ players, turn, signed }: Props) {
  const {
    texts: { table, players: written },
    format,
  } = useTexts();
  return (
    <ul className="scores" data-count={players.length} aria-label={table.scores}>
      {players.map(({ id, name, score }) => (
        <li key={id} className="seat" {...(id === turn ? { 'aria-current': 'true' as const } : {})}>
          <span className="seat-name">{localName(name, written)}</span>
          <span className="seat-score" data-testid={`score-${id}`} data-score={score}>
            {format.score(score, signed)}
          </span>
        </li>
      ))}
    </ul>
  );
}
