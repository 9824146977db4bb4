// @ts-check
// Size budgets: bytes of brotli that a page loads, bundled and minified by esbuild, with splitting, as an app's production build
// does it. React itself and the optional Sentry are not counted. Whoever adds bytes raises the budget here. The goals are 9 kB
// before the start, 13 kB in all and 1.5 kB for the React bindings.

/** @typedef {import('esbuild').BuildOptions} BuildOptions */

/**
 * Counts what the browser loads before the entry runs: the entry and what it imports statically. size-limit itself counts every
 * output, and its option `entry` the entry alone, without the chunks that it shares with others.
 * @type {import('esbuild').Plugin}
 */
const firstLoad = {
  name: 'first load',
  setup(build) {
    build.onEnd(({ metafile }) => {
      if (!metafile) throw new Error('size-limit builds without a metafile');
      const { outputs } = metafile;
      const loaded = new Set(Object.keys(outputs).filter((path) => path.endsWith('/index.js')));
      if (loaded.size !== 1) throw new Error(`one entry expected, got ${[...loaded]}`);
      // A set also visits what is added on the way.
      for (const path of loaded)
        for (const { path: imported, kind, external } of outputs[path]?.imports ?? [])
          if (kind === 'import-statement' && !external) loaded.add(imported);
      for (const path of Object.keys(outputs)) if (!loaded.has(path)) delete outputs[path];
    });
  },
};

/** @param {BuildOptions} config */
const split = (config) => ({ ...config, target: 'es2020', format: 'esm', splitting: true });

const app = {
  path: 'packages/react/dist/index.js',
  import: '{ ErrorBoundary, initTelemetry, useMetrics }',
  ignore: ['react', '@artel/telemetry-sentry'],
  modifyEsbuildConfig: split,
};

export default [
  {
    ...app,
    name: 'an app before it starts',
    limit: '13.25 kB',
    /** @param {BuildOptions} config */
    modifyEsbuildConfig: (config) => ({ ...split(config), plugins: [firstLoad] }),
  },
  { ...app, name: 'the same app with all that it loads later', limit: '22.75 kB' },
  {
    ...app,
    name: 'the React bindings without the client',
    limit: '1.85 kB',
    ignore: [...app.ignore, '@artel/telemetry-core', '@artel/telemetry-protocol'],
  },
];
