import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { patient } from '../../vitest.patience.ts';

const bench = fileURLToPath(new URL('react-18/node_modules', import.meta.url));

/** The tests of this package once more, with React 18 and what goes with it in place of React 19. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  resolve: {
    alias: [
      { find: /^(react|react-dom|react-router|@testing-library\/react)(?=\/|$)/, replacement: `${bench}/$1` },
      // By its folder it would be the CommonJS build, which does not run here.
      {
        find: /^@tanstack\/react-router$/,
        replacement: `${bench}/@tanstack/react-router/dist/esm/index.js`,
      },
    ],
  },
  define: { __DEV__: 'true' },
  test: {
    ...patient,
    name: 'react-18',
    environment: 'jsdom',
    env: { REACT_MAJOR: '18' },
    setupFiles: [...patient.setupFiles, 'react-18/quiet.ts'],
  },
});
