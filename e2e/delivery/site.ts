import { fileURLToPath } from 'node:url';
import type { SiteFile } from '@artel/test-support/proxies/faultServer';
import { bundlePage } from '../bundlePage';

const html = (head: string): SiteFile => ({
  type: 'text/html',
  text: `<!doctype html><meta charset="utf-8"><title>Delivery</title><link rel="icon" href="data:,">${head}`,
});

/**
 * The page, built from the client's dist as an app in development would; under `/whole/` with the chunks that it loads
 * after the start as files of their own, and under `/missing/` without the one that delivers.
 */
export async function deliverySite(): Promise<(url: URL) => SiteFile | undefined> {
  const page = { entryPoints: [fileURLToPath(new URL('page.ts', import.meta.url))], development: true };
  const [scripts, chunks] = await Promise.all([
    bundlePage({ ...page, format: 'iife' }),
    bundlePage({ ...page, splitting: true }),
  ]);
  const files: Record<string, SiteFile> = {
    '/': html('<script src="/page.js"></script>'),
    '/page.js': { type: 'text/javascript', text: scripts['/page.js'] ?? '' },
    // A page of the same origin without the client: a host of frames, a place to go to.
    '/bare': html(''),
    '/login': html('<h1>Who are you?</h1>'),
  };
  for (const folder of ['/whole', '/missing']) {
    files[`${folder}/`] = html(`<script type="module" src="${folder}/page.js"></script>`);
    for (const [path, text] of Object.entries(chunks)) {
      if (folder === '/missing' && path.startsWith('/later')) continue;
      files[folder + path] = { type: 'text/javascript', text };
    }
  }
  return ({ pathname }) => files[pathname];
}
