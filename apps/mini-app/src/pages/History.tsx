import { useEffect, useState } from 'react';
import { Notice } from '../components/Notice';
import { verdict } from '../components/Result';
import { formatScore } from '../components/ScorePanel';
import { gameTitles } from '../game/gameTitles';
import { mergeHistory } from '../game/mergeHistory';
import { useGameList, useRoom } from '../game/room';
import type { Session } from '../game/session';
import { Link } from '../router/Link';

const when = new Intl.DateTimeFormat('en', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  hour12: false,
});

type Told =
  | { readonly kind: 'asking' }
  | { readonly kind: 'away' }
  | { readonly kind: 'told'; readonly sessions: Session[] };

function useHistory(): Told {
  const { api } = useRoom();
  const [told, setTold] = useState<Told>({ kind: 'asking' });
  useEffect(() => {
    let gone = false;
    void api.history().then((answer) => {
      if (gone) return;
      setTold(answer.kind === 'ok' ? { kind: 'told', sessions: answer.value } : { kind: 'away' });
    });
    return () => {
      gone = true;
    };
  }, [api]);
  return told;
}

/** Finished games: the service's and this device's own. */
export function History() {
  const told = useHistory();
  const here = useGameList().map((game) => game.session);
  const finished = mergeHistory(here, told.kind === 'told' ? told.sessions : []);

  return (
    <div className="stack">
      {told.kind === 'away' && <Notice>The game service is away. These are the games of this device.</Notice>}
      {finished.length > 0 && (
        <ul className="past" data-testid="history">
          {finished.map((session) => (
            <PastGame key={`${session.id} ${session.createdAt}`} session={session} />
          ))}
        </ul>
      )}
      {finished.length === 0 && told.kind !== 'asking' && (
        <section className="card empty" data-testid="history-empty">
          <h2>No finished games</h2>
          <p className="hint">Finish a game and its scores will be kept here.</p>
          <Link to="/" className="button primary">
            Play
          </Link>
        </section>
      )}
    </div>
  );
}

function PastGame({ session }: { readonly session: Session }) {
  const { name } = gameTitles[session.gameType];
  return (
    <li className="card past-game" data-testid={`history-${session.id}`}>
      <div className="past-head">
        <h2>{verdict(session)}</h2>
        <time dateTime={session.createdAt}>{when.format(new Date(session.createdAt))}</time>
      </div>
      <p className="hint">{name}</p>
      <ul className="past-scores">
        {session.players.map((player) => (
          <li key={player.id}>
            {player.name} <strong>{formatScore(player.score, session.gameType === 'kolkhoz')}</strong>
          </li>
        ))}
      </ul>
    </li>
  );
}
