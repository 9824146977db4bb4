import { defineConfig } from 'tsup';
import { base } from '../../tsup.base';

// Hooks and boundaries run on the client; server frameworks look for the directive on the first line.
const js = { ...base, banner: { js: '"use client";' }, dts: false };

const routers = ['src/reactRouter.ts', 'src/tanstackRouter.ts'];

export default defineConfig([
  // The three run side by side: each clears only what is its own.
  { ...js, clean: ['index.js*', 'index.cjs*'] },
  {
    ...js,
    entry: routers,
    clean: ['*Router.js*', '*Router.cjs*'],
    splitting: false,
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
  },
  { ...base, entry: ['src/index.ts', ...routers], clean: false, dts: { only: true } },
]);
