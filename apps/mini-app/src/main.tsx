// Before the telemetry, which takes `fetch` as it finds it.
import './developer/ownWire';
// Then this: it takes Telegram's launch parameters out of the address before anything else can read it.
import './telemetry';

import { ErrorBoundary, reactErrorHandlers, takeLaunchParams } from '@artel/telemetry-react';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App';
import { Crash } from './components/Crash';
import { createGameApi } from './game/gameApi';
import { createGameShelf } from './game/gameShelf';
import { createGames } from './game/games';
import { randomId } from './game/randomId';
import { RoomContext } from './game/room';
import { connectBridge } from './telegram/bridge';
import { telemetry } from './telemetry';
import './styles/tokens.css';
import './styles/shell.css';
import './styles/controls.css';
import './styles/hero.css';
import './styles/lobby.css';
import './styles/game.css';
import './styles/table.css';
import './styles/pages.css';
import './styles/panel.css';
import './styles/settings.css';

const bridge = connectBridge(takeLaunchParams());
const api = createGameApi({
  fetch: (...request) => window.fetch(...request),
  timeout: 4_000,
  startSpan: telemetry.startSpan,
});
const games = createGames({
  api,
  shelf: createGameShelf(() => window.localStorage, randomId),
  randomId,
  now: Date.now,
});
const room = { api, bridge, games };

const root = document.getElementById('root');
if (root) {
  createRoot(root, reactErrorHandlers()).render(
    <StrictMode>
      <ErrorBoundary
        name="root"
        fallback={({ resetError, eventId }) => <Crash eventId={eventId} onRetry={resetError} />}
      >
        <RoomContext value={room}>
          <App />
        </RoomContext>
      </ErrorBoundary>
    </StrictMode>,
  );
}
