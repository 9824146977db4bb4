import type { Plugin } from 'esbuild';
import { defineConfig } from 'tsup';
import { base, twoBuilds } from '../../tsup.base';

/**
 * Each chunk that is loaded after the start is a file that contains all it needs, the protocol's code too. Chunks that
 * share code would make bundlers cut that code out of the start into chunks of its own: 1.2 kB of brotli more before the
 * page starts, to save 0.7 kB after it.
 */
const separateChunks: Plugin = {
  name: 'separate chunks',
  setup({ initialOptions, onResolve }) {
    const extension = initialOptions.format === 'cjs' ? 'cjs' : 'js';
    onResolve({ filter: /^\.\.?\// }, ({ kind, path }) => {
      if (kind !== 'dynamic-import') return undefined;
      return { path: `./${path.split('/').pop()}.${extension}`, external: true };
    });
  },
};

export default defineConfig(() =>
  twoBuilds({
    entry: {
      index: 'src/index.ts',
      later: 'src/later.ts',
      miniApp: 'src/integrations/telegram/miniApp.ts',
      watchVitals: 'src/integrations/webVitals/watchVitals.ts',
      'testing/index': 'src/testing/index.ts',
    },
    dts: { entry: { index: 'src/index.ts', 'testing/index': 'src/testing/index.ts' } },
    splitting: false,
    noExternal: ['@artel/telemetry-protocol'],
    esbuildPlugins: [separateChunks],
    esbuildOptions(options, context) {
      base.esbuildOptions?.(options, context);
      // Test runners that read CommonJS have no dynamic import.
      options.supported = { ...options.supported, 'dynamic-import': context.format !== 'cjs' };
      // The protocol's entries import files for their order alone.
      options.logOverride = { ...options.logOverride, 'ignored-bare-import': 'silent' };
    },
  }),
);
