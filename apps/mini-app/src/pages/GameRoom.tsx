import { useMetrics } from '@artel/telemetry-react';
import { useEffect, useState } from 'react';
import { BilliardTable } from '../components/BilliardTable';
import { Notice } from '../components/Notice';
import { Result } from '../components/Result';
import { ScorePanel } from '../components/ScorePanel';
import type { Game } from '../game/gameShelf';
import { localName } from '../game/playerNames';
import { useGame, useRoom } from '../game/room';
import type { Session } from '../game/session';
import { useTexts } from '../i18n/useTexts';
import { Missing } from './Missing';

/** Fetches a game that this device does not have; `false` while looking. */
function useLooked(id: string): boolean {
  const { games } = useRoom();
  const [looked, setLooked] = useState(() => games.get(id) !== undefined);
  useEffect(() => {
    let gone = false;
    void games.open(id).then(() => {
      if (!gone) setLooked(true);
    });
    return () => {
      gone = true;
    };
  }, [games, id]);
  return looked;
}

export function GameRoom({ id }: { readonly id: string }) {
  const { table } = useTexts().texts;
  const game = useGame(id);
  const looked = useLooked(id);
  if (game) return <Table game={game} />;
  return looked ? <Missing what={table.missing} /> : <p className="hint centred">{table.looking}</p>;
}

function Table({ game: { session, link } }: { readonly game: Game }) {
  const {
    texts: { table, players: written },
    format,
  } = useTexts();
  const { games, bridge } = useRoom();
  const { trackUserAction, trackGameEvent } = useMetrics();
  const [lastPotted, setLastPotted] = useState<number>();
  const [news, setNews] = useState('');
  const { id, gameType, players, turn } = session;
  const over = session.status === 'finished';
  const notice = { online: undefined, offline: table.away, local: table.local }[link];

  const finished = (ended: Session) => {
    trackGameEvent('game_finished', ended.gameType, ended.id);
    bridge.haptic('finish');
  };

  const handleBallClick = (ball: number) => {
    const next = games.pot(id, ball);
    // A second tap on a ball that is on its way into the pocket.
    if (!next) return;
    trackUserAction('ball_clicked', { ball_id: String(ball), session_id: id });
    trackGameEvent('ball_potted', gameType, id);
    setLastPotted(ball);
    const potter = next.players.find((player) => player.id === turn);
    if (potter) {
      const score = format.score(potter.score, gameType === 'kolkhoz');
      setNews(table.potted(ball, localName(potter.name, written), score));
    }
    bridge.haptic('pot');
    if (next.status === 'finished') finished(next);
  };

  const handleFinish = () => {
    const ended = games.finish(id);
    if (ended) finished(ended);
  };

  const shooter = players.find((player) => player.id === turn);
  return (
    <div className="game" data-over={over}>
      <p className="unseen" role="status" data-testid="news">
        {news}
      </p>
      <div className="game-side">
        <ScorePanel players={players} turn={over ? undefined : turn} signed={gameType === 'kolkhoz'} />
        {notice !== undefined && <Notice>{notice}</Notice>}
        {over && <Result session={session} />}
      </div>
      <div className="table-stand">
        <BilliardTable
          seed={id}
          balls={session.balls}
          lastPotted={lastPotted}
          disabled={over}
          onBallClick={handleBallClick}
        />
      </div>
      {!over && (
        <div className="game-actions">
          <p className="turn">
            <strong data-testid="turn" data-player={turn}>
              {shooter && localName(shooter.name, written)}
            </strong>{' '}
            {table.toShoot}
            <span className="hint" data-testid="balls-left">
              {table.ballsLeft(session.balls.length)}
            </span>
          </p>
          <button type="button" className="button primary" data-testid="miss" onClick={() => games.miss(id)}>
            {table.missed}
          </button>
          <button type="button" className="button" data-testid="finish-game" onClick={handleFinish}>
            {table.finish}
          </button>
        </div>
      )}
    </div>
  );
}
