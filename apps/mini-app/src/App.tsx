import { ErrorBoundary, usePageView } from '@artel/telemetry-react';
import { useEffect, useRef, useState } from 'react';
import { BallPaint } from './components/Ball';
import { Crash } from './components/Crash';
import { TabBar } from './components/TabBar';
import { TopBar } from './components/TopBar';
import { ConsentCard } from './consent/ConsentCard';
import { consentBook } from './consent/ownConsent';
import { useConsent } from './consent/useConsent';
import { Bomb } from './developer/Bomb';
import { DevPanel } from './developer/DevPanel';
import { ownWire } from './developer/ownWire';
import { leaveOpen, wasLeftOpen } from './developer/panelDoor';
import { useRoom } from './game/room';
import { useTexts } from './i18n/useTexts';
import { Page, type PageNeeds } from './pages/Page';
import { matchRoute, pageName } from './router/matchRoute';
import { usePathname } from './router/navigate';
import { useArrival } from './router/useArrival';

/** Ms between attempts to tell the game service what it missed. */
const SYNC_EVERY = 5_000;

const tabStorage = () => window.sessionStorage;

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

/** The page as it is when the process is killed: nobody in it hears of its end. */
function kill() {
  leaveOpen(tabStorage);
  ownWire.hush();
  window.location.reload();
}

export function App() {
  const pathname = usePathname();
  const route = matchRoute(pathname);
  const { texts } = useTexts();
  const [panelOpen, setPanelOpen] = useState(() => wasLeftOpen(tabStorage));
  const [crashedAt, setCrashedAt] = useState<string>();
  const toggle = useRef<HTMLButtonElement>(null);
  const consent = useConsent(consentBook);
  const heading = useArrival(pathname, `${texts.titles[route.page]} · ${texts.app}`);
  usePageView(pageName(route));
  useSync();

  const closePanel = () => {
    setPanelOpen(false);
    toggle.current?.focus();
  };
  const needs: PageNeeds = { consent, wire: ownWire, onPanel: () => setPanelOpen(true) };

  return (
    <div className="shell" data-page={route.page}>
      <BallPaint />
      <TopBar
        route={route}
        headingRef={heading}
        panelOpen={panelOpen}
        toggleRef={toggle}
        onPanel={() => (panelOpen ? closePanel() : setPanelOpen(true))}
      />
      <main className="content" key={pathname}>
        <ErrorBoundary
          name="page"
          resetKeys={[pathname, crashedAt]}
          fallback={({ resetError, eventId }) => (
            <Crash
              title={texts.crash.page}
              eventId={eventId}
              onRetry={() => {
                setCrashedAt(undefined);
                resetError();
              }}
            />
          )}
        >
          {crashedAt === pathname ? <Bomb /> : <Page route={route} needs={needs} />}
        </ErrorBoundary>
      </main>
      {panelOpen && (
        <DevPanel
          wire={ownWire}
          page={pageName(route)}
          onCrash={() => setCrashedAt(pathname)}
          onKill={kill}
          onClose={closePanel}
        />
      )}
      {!panelOpen && route.page !== 'game' && <ConsentCard consent={consent} />}
      {route.page !== 'game' && <TabBar page={route.page} />}
    </div>
  );
}
