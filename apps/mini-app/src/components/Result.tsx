import { standings } from '../game/playGame';
import type { Session } from '../game/session';
import { Link } from '../router/Link';
import { formatScore } from './ScorePanel';

/** "Anna wins", "Anna and Boris share the win", "A draw". */
export function verdict(session: Session): string {
  const winners = standings(session.players).filter((player) => player.place === 1);
  if (winners.length === session.players.length) return 'A draw';
  const names = winners.map((player) => player.name);
  if (names.length === 1) return `${names[0]} wins`;
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)} share the win`;
}

/** How the game ended. */
export function Result({ session }: { readonly session: Session }) {
  const kolkhoz = session.gameType === 'kolkhoz';
  const sum = session.players.reduce((total, player) => total + player.score, 0);
  return (
    <section className="card result" data-testid="result" aria-label="Result">
      <h2>{verdict(session)}</h2>
      <ol className="ranking">
        {standings(session.players).map(({ id, name, score, place }) => (
          <li key={id} data-testid={`result-${id}`}>
            <span className="place" data-first={place === 1}>
              {place}
            </span>
            <span className="ranking-name">{name}</span>
            <span className="ranking-score">{formatScore(score, kolkhoz)}</span>
          </li>
        ))}
      </ol>
      {kolkhoz && (
        <p className="hint">
          Every ball is paid by all others, so the scores sum to{' '}
          <strong data-testid="result-sum">{sum}</strong>.
        </p>
      )}
      <Link to="/" className="button primary" data-testid="new-game">
        New game
      </Link>
    </section>
  );
}
