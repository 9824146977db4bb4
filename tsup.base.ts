import type { Options } from 'tsup';

/** What every package is built to: ESM and CJS with their declarations and source maps. */
export const base: Options = {
  entry: ['src/index.ts'],
  format: ['esm', 'cjs'],
  target: 'es2020',
  dts: true,
  sourcemap: true,
  clean: true,
  treeshake: false,
};
