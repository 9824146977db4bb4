import { rmSync } from 'node:fs';
import type { Options } from 'tsup';

/**
 * What every package is built to: ESM and CJS with their declarations and source maps.
 *
 * The target is the newest syntax that all browsers of docs/versions.md parse. ES2019, for webpack 4, would cost a page
 * about 350 bytes of brotli.
 *
 * Not minified: the app's bundler does that. A minifier before it (terser, 3 passes) changes what the app ships by -1.3 %
 * (Vite's oxc), +0.2 % (esbuild) and -0.4 % (terser), and makes the page start slower, since it folds functions into one
 * another that a browser then compiles at once.
 */
export const base: Options = {
  entry: ['src/index.ts'],
  format: ['esm', 'cjs'],
  target: 'es2020',
  dts: true,
  sourcemap: true,
  clean: true,
  treeshake: false,
  esbuildOptions(options) {
    // A page that declares no character set is read as Latin-1.
    options.charset = 'ascii';
  },
};

/**
 * A build for production in `dist`, and one for development in `dist/development`, where `__DEV__` is true: it checks
 * options and explains trouble in sentences. The `exports` of the package choose between them.
 */
export function twoBuilds(options: Options): Options[] {
  // Here, since the two run side by side and neither may clear what the other has written.
  rmSync('dist', { recursive: true, force: true });
  const build: Options = { ...base, ...options, clean: false };
  return [
    { ...build, define: { __DEV__: 'false' } },
    { ...build, define: { __DEV__: 'true' }, outDir: 'dist/development', dts: false },
  ];
}
