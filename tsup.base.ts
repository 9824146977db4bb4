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

/** What goes into a page: every byte is paid by each player, and terser finds more of them than esbuild. */
export const browser: Options = {
  ...base,
  target: 'es2021',
  minify: 'terser',
  terserOptions: { module: true, ecma: 2020, compress: { passes: 3, unsafe_arrows: true } },
};
