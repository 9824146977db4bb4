import { isUtf8 } from 'node:buffer';
import { inflate } from './inflate';
import { jsonFault } from './jsonFault';
import { isDeeper } from './nesting';
import { HttpProblem } from './problem';

/** A batch is four deep; this leaves room for what later versions add. */
const DEFAULT_DEPTH = 16;

function refuse(message: string): HttpProblem {
  return new HttpProblem(400, `body: ${message}`, { errors: [{ field: 'body', message }] });
}

/** Gzip is told by its magic bytes: the client's requests carry no `Content-Encoding`, which would cost a preflight. */
function isGzip(body: Buffer): boolean {
  return body[0] === 0x1f && body[1] === 0x8b;
}

async function inflateWithin(body: Buffer, limit: number): Promise<Buffer> {
  try {
    return await inflate(body, { maxOutputLength: limit });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') {
      throw new HttpProblem(413, `body: inflates to more than ${limit} bytes, which is the limit`);
    }
    throw refuse('begins like gzip and cannot be inflated');
  }
}

/** Byte offset of the first byte that is not UTF-8. */
function utf8Fault(body: Buffer): number {
  const lossy = body.toString('utf8');
  let index = lossy.indexOf('\ufffd');
  let offset = Buffer.byteLength(lossy.slice(0, index));
  // A replacement character that the sender wrote is right, and three bytes long. There may be a third of a million.
  while (index >= 0 && body[offset] === 0xef && body[offset + 1] === 0xbf && body[offset + 2] === 0xbd) {
    const next = lossy.indexOf('\ufffd', index + 1);
    offset += Buffer.byteLength(lossy.slice(index, next));
    index = next;
  }
  return offset;
}

const utf8 = new TextDecoder();

/**
 * Body bytes to the JSON value they hold, plain or gzipped, whatever the content type. Throws a 400 problem that says
 * where the body goes wrong and quotes one character of it, and a 413 for one that inflates to more than `limit`
 * bytes. A `__proto__` in the result is an own property: read it, never merge it. `shortcut` reads the texts that it can,
 * and answers `undefined` for all others.
 */
export async function decode(
  body: Buffer,
  limit: number,
  depth = DEFAULT_DEPTH,
  shortcut?: (text: string, depth: number) => unknown,
): Promise<{ value: unknown; bytes: number }> {
  const plain = isGzip(body) ? await inflateWithin(body, limit) : body;
  if (plain.length === 0) throw refuse('is empty, expected a batch as JSON');
  if (!isUtf8(plain)) throw refuse(`is not UTF-8 at byte ${utf8Fault(plain)}`);
  const text = utf8.decode(plain);
  const short = shortcut?.(text, depth);
  if (short !== undefined) return { value: short, bytes: plain.length };
  if (isDeeper(text, depth)) throw refuse(`is nested deeper than ${depth}`);
  try {
    const value: unknown = JSON.parse(text);
    return { value, bytes: plain.length };
  } catch {
    const { position, found } = jsonFault(text);
    throw refuse(`is not JSON: unexpected ${found} at position ${position}`);
  }
}
