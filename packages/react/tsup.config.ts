import { defineConfig } from 'tsup';
import { twoBuilds } from '../../tsup.base';

export default defineConfig(() =>
  twoBuilds({
    entry: ['src/index.ts', 'src/reactRouter.ts', 'src/tanstackRouter.ts', 'src/testing.tsx'],
    splitting: false,
    // Hooks and boundaries run on the client; server frameworks look for the directive on the first line.
    banner: { js: '"use client";' },
    // The client is in the main entry, of which a page must have one only, whichever module imports it.
    esbuildPlugins: [
      {
        name: 'main entry',
        setup(build) {
          build.onResolve({ filter: /^\.\/index$/ }, () => ({
            path: '@artel/telemetry-react',
            external: true,
          }));
        },
      },
    ],
  }),
);
