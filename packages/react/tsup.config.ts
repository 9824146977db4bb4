import { defineConfig } from 'tsup';
import { base } from '../../tsup.base';

// Hooks and boundaries run on the client; server frameworks look for the directive on the first line.
const banner = { js: '"use client";' };

export default defineConfig([
  { ...base, banner, clean: ['index.*'] },
  {
    ...base,
    banner,
    entry: ['src/reactRouter.ts', 'src/tanstackRouter.ts'],
    clean: ['*Router.*'],
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
]);
