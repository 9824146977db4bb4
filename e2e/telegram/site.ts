import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** One request to the gateway. */
export interface Exchange {
  readonly path: string;
  readonly method: string;
  /** Unpacked. */
  readonly text: string;
  readonly status: number;
}

/** The Mini App's own server: its page, the scripts that it may use, and the gateway behind `/api`. */
export interface Site {
  readonly origin: string;
  readonly exchanges: readonly Exchange[];
  /** While set, `/api/metrics` is answered 503. */
  down: boolean;
  close(): Promise<void>;
}

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

async function readAll(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function unpack(body: Buffer): string {
  return (body[0] === 0x1f && body[1] === 0x8b ? gunzipSync(body) : body).toString('utf8');
}

/** The page's scripts by path, with the replay as a chunk of its own, as Vite would make them. */
async function bundle(): Promise<Record<string, string>> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('page.ts', import.meta.url))],
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    outdir: '/',
    define: { 'process.env.NODE_ENV': '"production"', __SENTRY_DEBUG__: 'false' },
    write: false,
    logLevel: 'silent',
  });
  return Object.fromEntries(outputFiles.map(({ path, text }) => [path, text]));
}

export async function startSite(gateway: string): Promise<Site> {
  const scripts: Record<string, string> = await bundle();
  for (const [path, from] of Object.entries(vendored)) scripts[path] = file(from);
  const exchanges: Exchange[] = [];
  const state = { down: false };

  const server = createServer(async (incoming, answer) => {
    const { pathname: path, searchParams } = new URL(incoming.url ?? '/', 'http://localhost');
    if (path === '/') {
      const sdk = (searchParams.get('sdk') ?? 'none') as Sdk;
      if (searchParams.has('csp')) answer.setHeader('content-security-policy', POLICY);
      answer.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html(sdk));
      return;
    }
    const script = scripts[path];
    if (script !== undefined) {
      answer.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8' }).end(script);
      return;
    }
    if (!path.startsWith('/api/')) {
      answer.writeHead(404).end();
      return;
    }
    // A page that dies cuts its own request.
    const body = await readAll(incoming).catch(() => undefined);
    if (body === undefined) return;
    const { method = '', headers } = incoming;
    const note = (status: number) => exchanges.push({ path, method, text: unpack(body), status });
    if (state.down && path === '/api/metrics') {
      note(503);
      answer.writeHead(503).end();
      return;
    }
    const onward = request(new URL(incoming.url ?? '/', gateway), {
      method,
      headers: { ...headers, connection: 'close' },
    });
    onward.once('error', () => answer.destroy());
    onward.once('response', async (reply) => {
      const { statusCode: status = 502, headers: got } = reply;
      const text = await readAll(reply);
      note(status);
      answer.writeHead(status, got).end(text);
    });
    onward.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;

  return {
    origin: `http://127.0.0.1:${port}`,
    exchanges,
    get down() {
      return state.down;
    },
    set down(value) {
      state.down = value;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
