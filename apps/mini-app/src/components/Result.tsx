import { localName } from '../game/playerNames';
import { standings } from '../game/playGame';
import type { Session } from '../game/session';
import { verdict } from '../game/verdict';
import { useTexts } from '../i18n/useTexts';
import { Link } from '../router/Link';

/** How the game ended. */
export function Result({ session }: { readonly session: Session }) {
  const speech = useTexts();
  const {
    texts: { result, players },
    format,
  } = speech;
  const kolkhoz = session.gameType === 'kolkhoz';
  const sum = session.players.reduce((total, player) => total + player.score, 0);
  return (
    <section className="card result" data-testid="result" aria-label={result.label}>
      <h2>{verdict(session, speech)}</h2>
      <ol className="ranking">
        {standings(session.players).map(({ id, name, score, place }) => (
          <li key={id} data-testid={`result-${id}`}>
            <span className="place" data-first={place === 1}>
              {place}
            </span>
            <span className="ranking-name">{localName(name, players)}</span>
            <span className="ranking-score">{format.score(score, kolkhoz)}</span>
          </li>
        ))}
      </ol>
      {kolkhoz && (
        <p className="hint">
          {result.sum} <strong data-testid="result-sum">{format.number(sum)}</strong>.
        </p>
      )}
      <Link to="/" className="button primary" data-testid="new-game">
        {result.again}
      </Link>
    </section>
  );
}
