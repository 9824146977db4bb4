import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { SiteFile } from '@artel/test-support/proxies/faultServer';
import { bundlePage } from '../bundlePage';

/** Which of Telegram's scripts the page has in its head. */
export type Sdk = 'script' | 'tma' | 'none';

const file = (path: string) => readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8');

const vendored: Readonly<Record<string, string>> = {
  '/telegram-web-app.js': '../../node_modules/@twa-dev/sdk/dist/telegram-web-apps.js',
  '/tma.js': '../../node_modules/@tma.js/bridge/dist/index.iife.js',
  '/eruda.js': '../../node_modules/eruda/eruda.js',
};

const heads: Readonly<Record<Sdk, string>> = {
  script: '<script src="/telegram-web-app.js"></script>',
  tma: '<script src="/tma.js"></script>',
  none: '',
};

// No `unsafe-inline`, no `unsafe-eval`: what a careful team would send, and what Telegram's web clients need.
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  'worker-src blob:',
  "base-uri 'none'",
  'frame-ancestors https://web.telegram.org https://*.telegram.org',
].join('; ');

const html = (sdk: Sdk) => `<!doctype html><meta charset="utf-8"><title>Billiards</title>
<link rel="icon" href="data:,">${heads[sdk]}<script type="module" src="/page.js"></script>
<h1>A table for two</h1><p id="player">Canary Player</p><button id="cue" type="button">Hit the ball</button>`;

/** The Mini App's page, with the replay as a chunk of its own, as Vite would make it, and the scripts that it may use. */
export async function telegramSite(): Promise<(url: URL) => SiteFile | undefined> {
  const bundled = await bundlePage({
    entryPoints: [fileURLToPath(new URL('page.ts', import.meta.url))],
    splitting: true,
    define: { __SENTRY_DEBUG__: 'false' },
  });
  const others = Object.entries(vendored).map(([path, from]) => [path, file(from)] as const);
  const scripts: Readonly<Record<string, string>> = { ...bundled, ...Object.fromEntries(others) };
  return ({ pathname, searchParams }) => {
    const text = scripts[pathname];
    if (text !== undefined) return { type: 'text/javascript', text };
    if (pathname !== '/') return undefined;
    return {
      type: 'text/html',
      text: html((searchParams.get('sdk') ?? 'none') as Sdk),
      headers: searchParams.has('csp') ? { 'content-security-policy': POLICY } : {},
    };
  };
}
