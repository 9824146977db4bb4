import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { apiProxy } from './apiProxy.ts';
import app from './package.json' with { type: 'json' };
import { sourceMaps } from './sourceMaps.ts';

const { PORT, GATEWAY_URL, GATEWAY_PORT, GAME_URL, GAME_PORT } = process.env;
const gateway = GATEWAY_URL || `http://127.0.0.1:${GATEWAY_PORT || 4320}`;
const game = GAME_URL || `http://127.0.0.1:${GAME_PORT || 4330}`;

const listen = {
  host: '127.0.0.1',
  port: Number(PORT || 4173),
  strictPort: true,
  // Telegram's web clients show a Mini App in a frame; nobody else shall.
  headers: {
    'content-security-policy': "frame-ancestors 'self' https://web.telegram.org https://*.telegram.org",
  },
};

export default defineConfig(async () => {
  const { sourcemap, plugins } = await sourceMaps({
    release: `artel-billiards@${app.version}`,
    env: process.env,
  });
  return {
    plugins: [
      react(),
      apiProxy({
        '/api/metrics': gateway,
        '/api/session': gateway,
        '/api/sentry': gateway,
        '/api/game': game,
      }),
      ...plugins,
    ],
    build: { sourcemap },
    server: listen,
    preview: listen,
  };
});
