import react from '@vitejs/plugin-react';
import { defineConfig, loadEnv } from 'vite';

export default defineConfig(({ mode }) => {
  const { GATEWAY_URL } = loadEnv(mode, '.', 'GATEWAY_');
  // The page sends to its own origin: no CORS, and no ad blocker knows the address.
  const proxy = { '/api': GATEWAY_URL ?? 'http://127.0.0.1:4320' };
  return { plugins: [react()], server: { proxy }, preview: { proxy } };
});
