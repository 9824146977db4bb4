import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Plugin } from 'esbuild';

const folder = fileURLToPath(new URL('..', import.meta.url));

/** Where the server of a page has the files of a bundle. */
export const BUNDLE_PATH = '/bundle/';

/** What an app's bundler would make: an entry, and the chunks that it imports. */
export interface Bundle {
  /** The name of the entry in `files`. */
  readonly entry: string;
  /** The text of each file, minified, by its name. */
  readonly files: ReadonlyMap<string, string>;
  /** The entry and what it imports statically: what a page must load before it starts. */
  readonly eager: readonly string[];
}

const asInProduction: BuildOptions = {
  absWorkingDir: folder,
  bundle: true,
  minify: true,
  target: 'es2020',
  platform: 'browser',
  define: { 'process.env.NODE_ENV': '"production"' },
  legalComments: 'none',
  logLevel: 'error',
};

/** Bundles a module into an entry and chunks. Relative imports of `source` start in `benchmarks/`. */
export async function bundleSource(source: string, external: readonly string[] = []): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    ...asInProduction,
    stdin: { contents: source, resolveDir: folder, loader: 'ts' },
    outdir: 'out',
    chunkNames: '[hash]',
    format: 'esm',
    splitting: true,
    metafile: true,
    write: false,
    external: [...external],
  });
  const files = new Map(outputFiles.map(({ path, text }) => [basename(path), text]));
  const outputs = new Map(Object.entries(metafile.outputs).map(([path, output]) => [basename(path), output]));
  const [entry] = [...outputs].find(([, { entryPoint }]) => entryPoint === '<stdin>') ?? [];
  if (entry === undefined) throw new Error('esbuild wrote no entry');
  const eager = new Set([entry]);
  for (const name of eager) {
    for (const { path, kind, external } of outputs.get(name)?.imports ?? []) {
      if (kind === 'import-statement' && !external) eager.add(basename(path));
    }
  }
  return { entry, files, eager: [...eager] };
}

/** Bundles the adapter of a library. */
export const bundleAdapter = (name: string): Promise<Bundle> =>
  bundleSource(`export { event, start } from './adapters/${name}';`);

const fromBundle = ({ files }: Bundle): Plugin => ({
  name: 'from-bundle',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.\// }, ({ path, kind }) => {
      const name = basename(path);
      return kind === 'dynamic-import'
        ? { path: BUNDLE_PATH + name, external: true }
        : { path: name, namespace: 'bundle' };
    });
    onLoad({ filter: /./, namespace: 'bundle' }, ({ path }) => ({ contents: files.get(path) ?? '' }));
  },
});

/**
 * The eager files as one classic script that leaves the entry's exports in the global `bench`. A classic script runs
 * where it is inserted, so its start can be timed without the network. Chunks that it imports later come from the
 * server, with copies of the modules that they share with it: do not use it for more than the start.
 */
export async function eagerScript(bundle: Bundle): Promise<string> {
  const { outputFiles } = await build({
    ...asInProduction,
    entryPoints: [`./${bundle.entry}`],
    plugins: [fromBundle(bundle)],
    format: 'iife',
    globalName: 'bench',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}
