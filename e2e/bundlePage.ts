import { type BuildOptions, build } from 'esbuild';

/** Builds a page's scripts as an app would, and returns them by path. What `options` leave out is a production build. */
export async function bundlePage(options: BuildOptions): Promise<Readonly<Record<string, string>>> {
  const { outputFiles = [] } = await build({
    bundle: true,
    format: 'esm',
    target: 'es2022',
    outdir: '/',
    write: false,
    logLevel: 'silent',
    ...options,
    define: { 'process.env.NODE_ENV': '"production"', ...options.define },
  });
  return Object.fromEntries(outputFiles.map(({ path, text }) => [path, text]));
}
