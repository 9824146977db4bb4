import { defineConfig } from 'tsup';
import { twoBuilds } from '../../tsup.base';

export default defineConfig(() =>
  twoBuilds({
    entry: ['src/index.ts', 'src/reactRouter.ts', 'src/tanstackRouter.ts'],
    // Hooks and boundaries run on the client; server frameworks look for the directive on the first line.
    banner: { js: '"use client";' },
    // The client is in the main entry, of which there must be one on a page, whichever module asks for it.
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
