import { useEffect, useState } from 'react';
import { Notice } from '../components/Notice';
import { mergeHistory } from '../game/mergeHistory';
import { localName } from '../game/playerNames';
import { useGameList, useRoom } from '../game/room';
import type { Session } from '../game/session';
import { verdict } from '../game/verdict';
import { useTexts } from '../i18n/useTexts';
import { Link } from '../router/Link';

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
  const { history } = useTexts().texts;
  const told = useHistory();
  const here = useGameList().map((game) => game.session);
  const finished = mergeHistory(here, told.kind === 'told' ? told.sessions : []);

  return (
    <div className="stack">
      {told.kind === 'away' && <Notice>{history.away}</Notice>}
      {finished.length > 0 && (
        <ul className="past" data-testid="history">
          {finished.map((session) => (
            <PastGame key={`${session.id} ${session.createdAt}`} session={session} />
          ))}
        </ul>
      )}
      {finished.length === 0 && told.kind !== 'asking' && (
        <section className="card empty" data-testid="history-empty">
          <h2>{history.none}</h2>
          <p className="hint">{history.hint}</p>
          <Link to="/" className="button primary">
            {history.play}
          </Link>
        </section>
      )}
    </div>
  );
}

function PastGame({ session }: { readonly session: Session }) {
  const speech = useTexts();
  const { texts, format } = speech;
  return (
    <li className="card past-game" data-testid={`history-${session.id}`}>
      <div className="past-head">
        <h2>{verdict(session, speech)}</h2>
        <time dateTime={session.createdAt}>{format.moment(Date.parse(session.createdAt))}</time>
      </div>
      <p className="hint">{texts.games[session.gameType].name}</p>
      <ul className="past-scores">
        {session.players.map((player) => (
          <li key={player.id}>
            {localName(player.name, texts.players)}{' '}
            <strong>{format.score(player.score, session.gameType === 'kolkhoz')}</strong>
          </li>
        ))}
      </ul>
    </li>
  );
}
