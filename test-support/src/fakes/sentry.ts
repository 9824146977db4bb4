import { createServer } from 'node:http';
import { gunzipSync, inflateSync } from 'node:zlib';

/** One item of an envelope. https://develop.sentry.dev/sdk/foundations/transport/envelopes/ */
interface SentryItem {
  readonly type: string;
  readonly payload: Record<string, unknown>;
}

/** One event of a recording, as rrweb makes them. */
interface RecordedEvent {
  /** 2 a snapshot of the whole page, 3 a change, 4 the address (Meta), 5 Sentry's own. */
  readonly type: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A Sentry on loopback that keeps what it is sent. */
export interface FakeSentry {
  readonly dsn: string;
  readonly items: readonly SentryItem[];
  /** The events of all replays, in the order in which they came. */
  readonly recorded: readonly RecordedEvent[];
  /** Every byte that came, decoded. */
  readonly raw: string;
  close(): Promise<void>;
}

interface Envelope {
  readonly items: readonly SentryItem[];
  readonly recorded: readonly RecordedEvent[];
  readonly text: string;
}

/** A recording: a line of JSON, and behind it the events, deflated by the recorder's worker or plain. */
function readRecording(payload: Buffer): string {
  const events = payload.subarray(payload.indexOf('\n') + 1);
  return (events[0] === 0x78 ? inflateSync(events) : events).toString('utf8');
}

function readEnvelope(body: Buffer): Envelope {
  const items: SentryItem[] = [];
  const recorded: RecordedEvent[] = [];
  let at = 0;
  const take = (length?: number): Buffer => {
    const end = length === undefined ? body.indexOf('\n', at) : at + length;
    const taken = body.subarray(at, end < 0 ? body.length : end);
    at += taken.length + 1;
    return taken;
  };
  let text = take().toString('utf8');
  while (at < body.length) {
    const head = take().toString('utf8');
    if (head === '') continue;
    const { type, length } = JSON.parse(head) as { readonly type: string; readonly length?: number };
    const payload = take(length);
    text += `\n${head}\n`;
    if (type === 'replay_recording') {
      const events = readRecording(payload);
      text += events;
      recorded.push(...(JSON.parse(events) as RecordedEvent[]));
    } else {
      text += payload.toString('utf8');
      items.push({ type, payload: JSON.parse(payload.toString('utf8')) as Record<string, unknown> });
    }
  }
  return { items, recorded, text };
}

export async function startFakeSentry(): Promise<FakeSentry> {
  const items: SentryItem[] = [];
  const recorded: RecordedEvent[] = [];
  let raw = '';
  const server = createServer((incoming, answer) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.once('end', () => {
      const body = Buffer.concat(chunks);
      const envelope = readEnvelope(body[0] === 0x1f && body[1] === 0x8b ? gunzipSync(body) : body);
      raw += envelope.text;
      items.push(...envelope.items);
      recorded.push(...envelope.recorded);
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
    recorded,
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
