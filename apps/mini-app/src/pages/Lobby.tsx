import { useMetrics } from '@artel/telemetry-react';
import { useState } from 'react';
import { Ball } from '../components/Ball';
import { GameTypeCards } from '../components/GameTypeCards';
import { PlayerStepper } from '../components/PlayerStepper';
import { playerNames } from '../game/playerNames';
import { useRoom } from '../game/room';
import type { GameType } from '../game/session';
import { useTexts } from '../i18n/useTexts';
import { navigate } from '../router/navigate';

export function Lobby() {
  const { lobby } = useTexts().texts;
  const { games } = useRoom();
  const { trackGameEvent } = useMetrics();
  const [gameType, setGameType] = useState<GameType>('kolkhoz');
  const [count, setCount] = useState(3);
  const [starting, setStarting] = useState(false);

  const start = async () => {
    setStarting(true);
    const { session, link } = await games.create(gameType, playerNames.slice(0, count));
    trackGameEvent(link === 'local' ? 'session_creation_failed' : 'session_created', gameType, session.id);
    navigate(`/game/${session.id}`);
  };

  return (
    <div className="lobby">
      <section className="hero">
        <div className="hero-text">
          <p className="hero-kicker">{lobby.kicker}</p>
          <p className="hero-title">{lobby.title}</p>
        </div>
        <div className="hero-balls" aria-hidden="true">
          {[9, 4, 12].map((number) => (
            <Ball key={number} number={number} turn={number * 5 - 40} />
          ))}
          <Ball />
        </div>
      </section>
      <GameTypeCards value={gameType} onChange={setGameType} />
      <PlayerStepper count={count} onChange={setCount} />
      <div className="start-dock">
        <button
          type="button"
          className="button primary big"
          data-testid="start-game"
          disabled={starting}
          onClick={start}
        >
          {starting ? lobby.starting : lobby.start}
        </button>
      </div>
    </div>
  );
}
