import { join } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';

export interface PageOptions extends BuildOptions {
  /** Builds as a development server would: React and this repository's packages for development. */
  readonly development?: boolean;
}

/** What a path into a package's `dist` misses, since it goes around the conditions of its `exports`. */
const developmentBuilds: Plugin = {
  name: 'development builds',
  setup({ onResolve }) {
    onResolve({ filter: /packages\/(core|react)\/dist\/index\.js$/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, path.replace('/dist/', '/dist/development/')),
    }));
  },
};

/** Builds a page's scripts as an app would, and returns them by path. What `options` leave out is a production build. */
export async function bundlePage({
  development = false,
  ...options
}: PageOptions): Promise<Readonly<Record<string, string>>> {
  const mode = development ? 'development' : 'production';
  const { outputFiles = [] } = await build({
    bundle: true,
    format: 'esm',
    target: 'es2022',
    outdir: '/',
    write: false,
    logLevel: 'silent',
    conditions: [mode, 'module'],
    plugins: development ? [developmentBuilds] : [],
    ...options,
    define: { 'process.env.NODE_ENV': JSON.stringify(mode), ...options.define },
  });
  return Object.fromEntries(outputFiles.map(({ path, text }) => [path, text]));
}
