import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Launch } from '../programs/launch';

const root = fileURLToPath(new URL('../../..', import.meta.url));

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
export function gatewayService({ gatewayPort, dataDir }: Places): Launch {
  return {
    name: 'gateway',
    command: process.execPath,
    args: [join(root, 'packages/gateway/dist/cli.js')],
    env: { GATEWAY_PORT: String(gatewayPort), DATA_DIR: dataDir },
    ready: /listening on (\S+)/,
  };
}

export function gameService({ gamePort, dataDir, gameStorage }: Places): Launch {
  return {
    name: 'game-service',
    command: process.execPath,
    args: [join(root, 'apps/game-service/dist/cli.js')],
    env: {
      GAME_PORT: String(gamePort),
      DATA_DIR: dataDir,
      ...(gameStorage ? { GAME_STORAGE: gameStorage } : {}),
    },
    ready: /listening on (\S+)/,
  };
}

/** The Mini App's own server, which serves the build and hands `/api` to the other two. */
export function miniApp({ miniAppPort, gatewayPort, gamePort, gatewayUrl }: Places): Launch {
  return {
    name: 'mini-app',
    command: process.execPath,
    args: [join(root, 'apps/mini-app/node_modules/vite/bin/vite.js'), 'preview'],
    cwd: join(root, 'apps/mini-app'),
    env: {
      PORT: String(miniAppPort),
      GATEWAY_URL: gatewayUrl ?? `http://127.0.0.1:${gatewayPort}`,
      GAME_URL: `http://127.0.0.1:${gamePort}`,
      NO_COLOR: '1',
    },
    ready: /Local:\s+(\S+)/,
  };
}
