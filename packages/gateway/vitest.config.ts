import { defineConfig } from 'vitest/config';
import { livePageForTests } from './buildLivePage.ts';

export default defineConfig({
  plugins: [livePageForTests],
  test: { name: 'gateway', environment: 'node' },
});
