import { defineConfig } from 'vitest/config';

// Real servers on a shared machine: a test that hangs ends, one that is slow does not fail.
export default defineConfig({
  test: { name: 'ops', environment: 'node', testTimeout: 180_000, hookTimeout: 180_000 },
});
