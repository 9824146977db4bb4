import { createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';

/** One item of an envelope. https://develop.sentry.dev/sdk/foundations/transport/envelopes/ */
export interface SentryItem {
  readonly type: string;
  readonly payload: Record<string, unknown>;
}

/** A Sentry on loopback that keeps what it is sent. */
export interface FakeSentry {
  readonly dsn: string;
  readonly items: readonly SentryItem[];
  /** Every byte that came, decoded. */
  readonly raw: string;
  close(): Promise<void>;
}

function parseItems(text: string): SentryItem[] {
  const lines = text.split('\n').slice(1);
  const items: SentryItem[] = [];
  for (let i = 0; i + 1 < lines.length; i += 2) {
    try {
      const { type } = JSON.parse(lines[i] ?? '') as { type: string };
      items.push({ type, payload: JSON.parse(lines[i + 1] ?? '') as Record<string, unknown> });
    } catch {
      // A binary payload, such as a recording: not what these tests read.
    }
  }
  return items;
}

export async function startFakeSentry(): Promise<FakeSentry> {
  const items: SentryItem[] = [];
  let raw = '';
  const server = createServer((incoming, answer) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.once('end', () => {
      const body = Buffer.concat(chunks);
      const text = (body[0] === 0x1f && body[1] === 0x8b ? gunzipSync(body) : body).toString('utf8');
      raw += text;
      items.push(...parseItems(text));
      answer
        .writeHead(200, { 'access-control-allow-origin': '*', 'content-type': 'application/json' })
        .end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    dsn: `http://public@127.0.0.1:${port}/1`,
    items,
    get raw() {
      return raw;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
