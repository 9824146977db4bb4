import type { Player } from '../game/session';

interface Props {
  readonly players: readonly Player[];
  /** Id of the player who shoots; none once the game is over. */
  readonly turn: string | undefined;
  /** Kolkhoz scores are debts and claims: they carry their sign. */
  readonly signed: boolean;
}

/** A score as the panel shows it: `+3`, `0`, `-1` where signed. */
export function formatScore(score: number, signed: boolean): string {
  return signed && score > 0 ? `+${score}` : String(score);
}

export function ScorePanel({ players, turn, signed }: Props) {
  return (
    <ul className="scores" data-count={players.length} aria-label="Scores">
      {players.map(({ id, name, score }) => (
        <li key={id} className="seat" {...(id === turn ? { 'aria-current': 'true' as const } : {})}>
          <span className="seat-name">{name}</span>
          <span className="seat-score" data-testid={`score-${id}`} data-score={score}>
            {formatScore(score, signed)}
          </span>
        </li>
      ))}
    </ul>
  );
}
