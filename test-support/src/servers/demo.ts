import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Launch } from '../programs/launch';
import { freePort } from '../programs/port';
import { type RunningServer, serverFolder, startServer } from './runningServer';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The built programs of the repository, by path. */
const gatewayProgram = join(root, 'packages/gateway/dist/cli.js');
const gameProgram = join(root, 'apps/game-service/dist/cli.js');
const vite = join(root, 'apps/mini-app/node_modules/vite/bin/vite.js');

/** Where the three servers of the demo listen and keep their data. */
export interface Places {
  readonly miniAppPort: number;
  readonly gatewayPort: number;
  readonly gamePort: number;
  readonly dataDir: string;
  /** Where the game service keeps its games; its database unless told otherwise. */
  readonly gameStorage?: 'memory';
  /** Address that the Mini App's server hands `/api/metrics` to, when that is not the gateway itself. */
  readonly gatewayUrl?: string;
}

/** The gateway, as `npm start` and the tests run it. */
export function gatewayService({ gatewayPort, dataDir }: Pick<Places, 'gatewayPort' | 'dataDir'>): Launch {
  return {
    name: 'gateway',
    command: process.execPath,
    args: [gatewayProgram],
    env: { GATEWAY_PORT: String(gatewayPort), DATA_DIR: dataDir },
    ready: /listening on (\S+)/,
  };
}

/** The game service. */
export function gameService({
  gamePort,
  dataDir,
  gameStorage,
}: Pick<Places, 'gamePort' | 'dataDir' | 'gameStorage'>): Launch {
  return {
    name: 'game-service',
    command: process.execPath,
    args: [gameProgram],
    env: {
      GAME_PORT: String(gamePort),
      DATA_DIR: dataDir,
      ...(gameStorage ? { GAME_STORAGE: gameStorage } : {}),
    },
    ready: /listening on (\S+)/,
  };
}

/** The Mini App's own server, which serves the build and hands `/api` to the other two. */
export function miniApp({
  miniAppPort,
  gatewayPort,
  gamePort,
  gatewayUrl = `http://127.0.0.1:${gatewayPort}`,
}: Omit<Places, 'dataDir' | 'gameStorage'>): Launch {
  return {
    name: 'mini-app',
    command: process.execPath,
    // A second one of the same checkout, on a port of its own, disturbs nobody.
    args: [vite, 'preview', '--bypass-lock'],
    cwd: join(root, 'apps/mini-app'),
    env: {
      PORT: String(miniAppPort),
      GATEWAY_URL: gatewayUrl,
      GAME_URL: `http://127.0.0.1:${gamePort}`,
      NO_COLOR: '1',
    },
    ready: /Local:\s+(\S+)/,
  };
}

export interface AppOptions {
  /** Where it keeps its data; by default an empty folder. `close` removes it. */
  readonly folder?: string;
  /** Where it listens; by default a free port. */
  readonly port?: number;
  /** Environment variables beside those of the port and the folder. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A server of the demo ends in good order unless `stop` is given another signal. */
function startApp(app: Launch, port: number, { folder = '', env }: AppOptions): Promise<RunningServer> {
  const url = `http://127.0.0.1:${port}`;
  return startServer({ stopSignal: 'SIGTERM', ...app, env: { ...app.env, ...env } }, { port, url, folder });
}

/** Starts a built gateway on loopback. */
export async function startGateway(options: AppOptions = {}): Promise<RunningServer> {
  const { folder = serverFolder('gateway'), port = await freePort() } = options;
  return startApp(gatewayService({ gatewayPort: port, dataDir: folder }), port, { ...options, folder });
}

/** Starts a built game service on loopback, which keeps its games in memory unless `env` says otherwise. */
export async function startGame(options: AppOptions = {}): Promise<RunningServer> {
  const { folder = serverFolder('game'), port = await freePort() } = options;
  const app = gameService({ gamePort: port, dataDir: folder, gameStorage: 'memory' });
  return startApp(app, port, { ...options, folder });
}

/** Starts the Mini App's own server over its build, before a gateway and a game service. */
async function startMiniApp(behind: {
  readonly gateway: string;
  readonly game: string;
}): Promise<RunningServer> {
  const folder = serverFolder('mini-app');
  const port = await freePort();
  const app = miniApp({ miniAppPort: port, gatewayPort: 0, gamePort: 0, gatewayUrl: behind.gateway });
  return startApp(app, port, { folder, env: { GAME_URL: behind.game } });
}

/** The whole demo. */
export interface Apps {
  readonly app: RunningServer;
  readonly gateway: RunningServer;
  readonly game: RunningServer;
  close(): Promise<void>;
}

export interface AppsOptions {
  readonly gateway?: AppOptions;
  readonly game?: AppOptions;
  /** Where the Mini App's server sends what is for the gateway; by default to the gateway itself. */
  readonly gatewayUrl?: string;
}

/** Starts the three servers of the demo. */
export async function startApps({
  gateway: ofGateway,
  game: ofGame,
  gatewayUrl,
}: AppsOptions = {}): Promise<Apps> {
  const [gateway, game] = await Promise.all([startGateway(ofGateway), startGame(ofGame)]);
  const app = await startMiniApp({ gateway: gatewayUrl ?? gateway.url, game: game.url });
  return {
    app,
    gateway,
    game,
    async close() {
      await Promise.all([app, gateway, game].map((server) => server.close()));
    },
  };
}
