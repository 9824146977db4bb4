import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { css, html, icon, script } from 'virtual:live-page';

/** One file of the page, as it is sent. */
export interface PageFile {
  readonly type: string;
  readonly etag: string;
  /** The body in the best encoding that `accepted` names; encoded at the first call, off the event loop. */
  encoded(accepted: string | undefined): Promise<{ readonly body: Buffer; readonly encoding?: string }>;
}

const brotli = promisify(brotliCompress);
const gzipped = promisify(gzip);

function pageFile(text: string, type: string): PageFile {
  const body = Buffer.from(text);
  const encoders: readonly (readonly [encoding: string, encode: () => Promise<Buffer>])[] = [
    ['br', () => brotli(body, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: body.length } })],
    ['gzip', () => gzipped(body, { level: 9 })],
  ];
  const made = new Map<string, Promise<Buffer>>();
  return {
    type,
    etag: createHash('sha256').update(body).digest('base64url').slice(0, 22),
    async encoded(accepted = '') {
      const names = accepted.split(',').map((one) => one.split(';', 1)[0]?.trim());
      const [encoding, encode] = encoders.find(([name]) => names.includes(name)) ?? [];
      if (encoding === undefined || encode === undefined) return { body };
      const pending = made.get(encoding) ?? encode();
      made.set(encoding, pending);
      return { body: await pending, encoding };
    },
  };
}

/** The page's files by their path. */
export const pageFiles: ReadonlyMap<string, PageFile> = new Map([
  ['/live', pageFile(html, 'text/html; charset=utf-8')],
  ['/live/page.js', pageFile(script, 'text/javascript; charset=utf-8')],
  ['/live/page.css', pageFile(css, 'text/css; charset=utf-8')],
  ['/live/icon.svg', pageFile(icon, 'image/svg+xml')],
]);
