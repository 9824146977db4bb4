import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { patient } from '../../vitest.patience.ts';

const bench = fileURLToPath(new URL('react-18/node_modules', import.meta.url));

/** The tests of the adapter for React Router once more, with its version 6 and React 18. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  resolve: {
    alias: [
      { find: /^(react|react-dom|@testing-library\/react)(?=\/|$)/, replacement: `${bench}/$1` },
      { find: /^react-router$/, replacement: `${bench}/react-router-6` },
    ],
  },
  define: { __DEV__: 'true' },
  test: {
    ...patient,
    name: 'react-router-6',
    environment: 'jsdom',
    include: ['src/reactRouter.test.tsx'],
    setupFiles: [...patient.setupFiles, 'react-18/quiet.ts'],
  },
});
