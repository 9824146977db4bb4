import type { Options } from 'tsup';

/**
 * What every package is built to: ESM and CJS with their declarations and source maps. Not minified: that is the app's
 * bundler's, and a minifier before it makes the result no smaller and the page's start slower, since it folds
 * functions into one another that a browser then compiles at once.
 */
export const base: Options = {
  entry: ['src/index.ts'],
  format: ['esm', 'cjs'],
  target: 'es2020',
  dts: true,
  sourcemap: true,
  clean: true,
  treeshake: false,
};
