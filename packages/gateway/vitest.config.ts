import { defineConfig } from 'vitest/config';
import { livePageForTests } from './buildLivePage.ts';

export default defineConfig({
  plugins: [livePageForTests],
  test: {
    // Real servers and processes on a shared machine: a test that hangs ends, one that is slow does not fail.
    testTimeout: 30_000,
    name: 'gateway',
    environment: 'node',
  },
});
