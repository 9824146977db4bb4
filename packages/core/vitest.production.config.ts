import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { patient } from '../../vitest.patience.ts';

/** The tests of what only the build for production does. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  define: { __DEV__: 'false' },
  test: {
    ...patient,
    name: 'core, production',
    environment: 'node',
    include: ['src/**/*.production.test.ts'],
  },
});
