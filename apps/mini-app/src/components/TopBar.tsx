import { gameTitles } from '../game/gameTitles';
import { useGame } from '../game/room';
import { Link } from '../router/Link';
import type { Route } from '../router/matchRoute';
import { Icon } from './Icon';

const titles: Readonly<Record<Exclude<Route['page'], 'game'>, string>> = {
  lobby: 'Artel Billiards',
  history: 'History',
  broken: 'Crash lab',
  'api-lab': 'API lab',
  missing: 'Nothing here',
};

function GameTitle({ id }: { readonly id: string }) {
  const game = useGame(id);
  if (!game) return <h1 className="topbar-title">Game</h1>;
  const { name, russian } = gameTitles[game.session.gameType];
  return (
    <h1 className="topbar-title">
      {name} <span lang="ru">{russian}</span>
    </h1>
  );
}

interface Props {
  readonly route: Route;
  readonly statsOpen: boolean;
  readonly onStats: () => void;
}

export function TopBar({ route, statsOpen, onStats }: Props) {
  return (
    <header className="topbar">
      {route.page === 'game' && (
        <Link to="/" className="icon-button" aria-label="Back to the lobby" data-testid="back">
          <Icon name="back" />
        </Link>
      )}
      {route.page === 'game' ? (
        <GameTitle id={route.id} />
      ) : (
        <h1 className="topbar-title">{titles[route.page]}</h1>
      )}
      <button
        type="button"
        className="icon-button"
        aria-label="Telemetry"
        aria-expanded={statsOpen}
        aria-controls="stats-panel"
        data-testid="stats-toggle"
        onClick={onStats}
      >
        <Icon name="pulse" />
      </button>
    </header>
  );
}
