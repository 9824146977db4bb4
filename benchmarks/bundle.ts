import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build } from 'esbuild';

const folder = fileURLToPath(new URL('.', import.meta.url));

async function bundle(options: BuildOptions): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: folder,
    bundle: true,
    minify: true,
    write: false,
    target: 'es2020',
    platform: 'browser',
    define: { 'process.env.NODE_ENV': '"production"' },
    legalComments: 'none',
    logLevel: 'error',
    ...options,
  });
  return outputFiles?.[0]?.text ?? '';
}

/** One adapter as a classic script that leaves `start` and `event` in the global `bench`. */
export function bundleScript(name: string): Promise<string> {
  return bundle({ entryPoints: [`adapters/${name}.ts`], format: 'iife', globalName: 'bench' });
}

/** One adapter as a module, for its size alone. */
export function bundleModule(name: string): Promise<string> {
  return bundle({ entryPoints: [`adapters/${name}.ts`], format: 'esm' });
}

/** A module of the given source text, its relative imports taken from `benchmarks/`. */
export function bundleSource(source: string, external: readonly string[] = []): Promise<string> {
  return bundle({
    stdin: { contents: source, resolveDir: folder },
    format: 'esm',
    external: [...external],
  });
}
