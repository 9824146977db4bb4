import { usePageView } from '@artel/telemetry-react';
import { useEffect, useState } from 'react';
import { BallPaint } from './components/Ball';
import { StatsPanel } from './components/StatsPanel';
import { TabBar } from './components/TabBar';
import { TopBar } from './components/TopBar';
import { useRoom } from './game/room';
import { ApiLab } from './pages/ApiLab';
import { Broken } from './pages/Broken';
import { GameRoom } from './pages/GameRoom';
import { History } from './pages/History';
import { Lobby } from './pages/Lobby';
import { Missing } from './pages/Missing';
import { matchRoute, pageName, type Route } from './router/matchRoute';
import { usePathname } from './router/navigate';

/** Ms between attempts to tell the game service what it missed. */
const SYNC_EVERY = 5_000;

function Page({ route }: { readonly route: Route }) {
  switch (route.page) {
    case 'lobby':
      return <Lobby />;
    case 'game':
      return <GameRoom key={route.id} id={route.id} />;
    case 'history':
      return <History />;
    case 'broken':
      return <Broken />;
    case 'api-lab':
      return <ApiLab />;
    case 'missing':
      return <Missing />;
  }
}

function useSync() {
  const { games } = useRoom();
  useEffect(() => {
    const sync = () => void games.sync();
    sync();
    const timer = setInterval(sync, SYNC_EVERY);
    window.addEventListener('online', sync);
    return () => {
      clearInterval(timer);
      window.removeEventListener('online', sync);
    };
  }, [games]);
}

export function App() {
  const route = matchRoute(usePathname());
  const [statsOpen, setStatsOpen] = useState(false);
  usePageView(pageName(route));
  useSync();
  return (
    <div className="shell" data-page={route.page}>
      <BallPaint />
      <TopBar route={route} statsOpen={statsOpen} onStats={() => setStatsOpen((open) => !open)} />
      <main className="content">
        <Page route={route} />
      </main>
      {statsOpen && <StatsPanel onClose={() => setStatsOpen(false)} />}
      {route.page !== 'game' && <TabBar page={route.page} />}
    </div>
  );
}
