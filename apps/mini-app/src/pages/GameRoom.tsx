import { useMetrics } from '@artel/telemetry-react';
import { useEffect, useState } from 'react';
import { BilliardTable } from '../components/BilliardTable';
import { Notice } from '../components/Notice';
import { Result } from '../components/Result';
import { ScorePanel } from '../components/ScorePanel';
import type { Game } from '../game/gameShelf';
import { useGame, useRoom } from '../game/room';
import type { Session } from '../game/session';
import { Missing } from './Missing';

const notices: Readonly<Record<Game['link'], string | undefined>> = {
  online: undefined,
  offline: 'The game service is away. Play on, it will be told later.',
  local: 'Playing on this device only.',
};

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
  const game = useGame(id);
  const looked = useLooked(id);
  if (game) return <Table game={game} />;
  return looked ? (
    <Missing what="There is no such game." />
  ) : (
    <p className="hint centred">Looking for the game…</p>
  );
}

function Table({ game: { session, link } }: { readonly game: Game }) {
  const { games, bridge } = useRoom();
  const { trackUserAction, trackGameEvent } = useMetrics();
  const [lastPotted, setLastPotted] = useState<number>();
  const { id, gameType, players, turn } = session;
  const over = session.status === 'finished';
  const notice = notices[link];

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
    bridge.haptic('pot');
    if (next.status === 'finished') finished(next);
  };

  const handleFinish = () => {
    const ended = games.finish(id);
    if (ended) finished(ended);
  };

  return (
    <div className="game" data-over={over}>
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
              {players.find((player) => player.id === turn)?.name}
            </strong>{' '}
            to shoot
            <span className="hint" data-testid="balls-left">
              {session.balls.length} {session.balls.length === 1 ? 'ball' : 'balls'} left
            </span>
          </p>
          <button type="button" className="button primary" data-testid="miss" onClick={() => games.miss(id)}>
            Missed
          </button>
          <button type="button" className="button" data-testid="finish-game" onClick={handleFinish}>
            Finish
          </button>
        </div>
      )}
    </div>
  );
}
