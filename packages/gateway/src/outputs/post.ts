import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { cleanText } from '@artel/telemetry-protocol/scrub';
import type { Clock } from '../clock';
import { retryAfter } from './retryDelay';

/**
 * What an end said to one request. `accepted` may leave some of the items out for good; `refused` means that these
 * bytes will never be taken; `failed` that the same bytes may be taken later.
 */
export type Verdict =
  | { readonly kind: 'accepted'; readonly rejected: number; readonly message: string }
  | { readonly kind: 'refused'; readonly reason: 'refused' | 'too_large'; readonly message: string }
  | { readonly kind: 'failed'; readonly message: string; readonly retryAfterMs: number };

/** Sends one body. Never rejects; an abort is a failure too. */
export type Post = (body: Uint8Array, signal: AbortSignal) => Promise<Verdict>;

export interface PostOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly contentType: string;
  /** `gzip` from a KiB on; `snappy` for bodies that are compressed already. */
  readonly encoding: 'gzip' | 'snappy';
  readonly timeoutMs: number;
  readonly clock: Pick<Clock, 'now'>;
  /** Items that a 2xx answer says it has left out. */
  readonly readRejected?: (answer: Uint8Array) => { readonly rejected: number; readonly message: string };
}

const compress = promisify(gzip);

const nothing = { rejected: 0, message: '' } as const;

/** Smaller bodies fit into a packet as they are. */
const GZIP_FROM = 1_024;
/** An answer is read so far: its first words say what is wrong, and an end that streams for ever holds up nobody. */
const MAX_ANSWER = 65_536;
const MESSAGE_LENGTH = 300;

async function readAnswer(response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  if (response.body) {
    for await (const chunk of response.body) {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= MAX_ANSWER) break;
    }
  }
  return Buffer.concat(chunks);
}

function failed(message: string, retryAfterMs = 0): Verdict {
  return { kind: 'failed', message, retryAfterMs };
}

function describe(error: unknown, timedOut: boolean, timeoutMs: number): string {
  if (timedOut) return `no answer within ${timeoutMs} ms`;
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  // An address that has several is tried at each, and the message of the whole is empty.
  const first = cause instanceof AggregateError ? cause.errors[0] : cause;
  return cleanText(first instanceof Error ? first.message : String(first), MESSAGE_LENGTH);
}

/**
 * Makes the sender of one end. A status says what becomes of the bytes: 400, 413 and 422 are about them and final;
 * any other that is not 2xx (a wrong token, a wrong path, too many requests, an end that is down) is about the end,
 * and waits until somebody has mended it: data is not given up for a mistyped password.
 */
export function createPost(options: PostOptions): Post {
  const { url, headers, contentType, encoding, timeoutMs, clock, readRejected = () => nothing } = options;

  const judge = async (response: Response): Promise<Verdict> => {
    const { status } = response;
    if (response.ok) {
      // Whatever becomes of the rest of the answer, or stands in it: the end has taken the body.
      const { rejected, message } = await readAnswer(response)
        .then(readRejected)
        .catch(() => nothing);
      return { kind: 'accepted', rejected, message: cleanText(message, MESSAGE_LENGTH) };
    }
    const answer = await readAnswer(response);
    const message = cleanText(`${status} ${Buffer.from(answer).toString('utf8')}`.trim(), MESSAGE_LENGTH);
    if (status === 400 || status === 422) return { kind: 'refused', reason: 'refused', message };
    if (status === 413) return { kind: 'refused', reason: 'too_large', message };
    return failed(message, retryAfter(response.headers.get('retry-after'), clock.now()));
  };

  return async (body, signal) => {
    const zipped = encoding === 'gzip' && body.length >= GZIP_FROM;
    const applied = zipped ? 'gzip' : encoding === 'snappy' ? 'snappy' : undefined;
    const deadline = AbortSignal.timeout(timeoutMs);
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          ...headers,
          'Content-Type': contentType,
          ...(applied === undefined ? {} : { 'Content-Encoding': applied }),
        },
        body: zipped ? await compress(body) : body,
        // Followed, a redirect would turn the POST into a GET, and take the headers to another host.
        redirect: 'manual',
        signal: AbortSignal.any([signal, deadline]),
      });
      return await judge(response);
    } catch (error) {
      return failed(describe(error, deadline.aborted, timeoutMs));
    }
  };
}
