import { fileURLToPath } from 'node:url';
import type { SiteFile } from '@artel/test-support/proxies/faultServer';
import { bundlePage } from '../bundlePage';

const html = (head: string): SiteFile => ({
  type: 'text/html',
  text: `<!doctype html><meta charset="utf-8"><title>Delivery</title><link rel="icon" href="data:,">${head}`,
});

/** The page, built from the client's dist as an app in development would. */
export async function deliverySite(): Promise<(url: URL) => SiteFile | undefined> {
  const scripts = await bundlePage({
    entryPoints: [fileURLToPath(new URL('page.ts', import.meta.url))],
    format: 'iife',
    development: true,
  });
  const files: Readonly<Record<string, SiteFile>> = {
    '/': html('<script src="/page.js"></script>'),
    '/page.js': { type: 'text/javascript', text: scripts['/page.js'] ?? '' },
    // A page of the same origin without the client: a host of frames, a place to go to.
    '/bare': html(''),
  };
  return ({ pathname }) => files[pathname];
}
