import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const html = (head: string) =>
  `<!doctype html><meta charset="utf-8"><title>Delivery</title><link rel="icon" href="data:,">${head}`;

/** Everything that is served beside the API, by path. */
export type Site = Readonly<Record<string, { readonly type: string; readonly text: string }>>;

/** Builds the page from the client's dist, as an app in development would. */
export async function bundlePage(): Promise<Site> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('page.ts', import.meta.url))],
    bundle: true,
    format: 'iife',
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"development"' },
    write: false,
    logLevel: 'silent',
  });
  return {
    '/': { type: 'text/html', text: html('<script src="/page.js"></script>') },
    '/page.js': { type: 'text/javascript', text: outputFiles[0]?.text ?? '' },
    // A page of the same origin without the client: a host of frames, a place to go to.
    '/bare': { type: 'text/html', text: html('') },
  };
}
