import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { apiProxy } from './apiProxy.ts';

const { PORT, GATEWAY_URL, GATEWAY_PORT, GAME_URL, GAME_PORT } = process.env;
const gateway = GATEWAY_URL || `http://127.0.0.1:${GATEWAY_PORT || 4320}`;
const game = GAME_URL || `http://127.0.0.1:${GAME_PORT || 4330}`;

const listen = { host: '127.0.0.1', port: Number(PORT || 4173), strictPort: true };

export default defineConfig({
  plugins: [react(), apiProxy({ '/api/metrics': gateway, '/api/session': gateway, '/api/game': game })],
  build: { sourcemap: true },
  server: listen,
  preview: listen,
});
