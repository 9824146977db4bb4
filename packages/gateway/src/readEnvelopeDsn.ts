import { isUtf8 } from 'node:buffer';
import { createGunzip } from 'node:zlib';
import { HttpProblem } from './problem';

/** An envelope's header names the SDK, the trace and the DSN: some 500 bytes. */
const HEADER_LIMIT = 16_384;
const LINE_FEED = 0x0a;

function refuse(message: string): HttpProblem {
  return new HttpProblem(400, `body: ${message}`, { errors: [{ field: 'body', message }] });
}

/** Inflates no more than the first line takes, whatever would come behind it. */
async function inflateStart(body: Buffer): Promise<Buffer> {
  const gunzip = createGunzip();
  gunzip.end(body);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of gunzip) {
      if (!Buffer.isBuffer(chunk)) continue;
      chunks.push(chunk);
      size += chunk.length;
      if (size > HEADER_LIMIT || chunk.includes(LINE_FEED)) break;
    }
  } catch {
    throw refuse('is marked as gzip and cannot be inflated');
  }
  return Buffer.concat(chunks);
}

function firstLine(start: Buffer): Buffer {
  const end = start.subarray(0, HEADER_LIMIT + 1).indexOf(LINE_FEED);
  const line = end < 0 ? start : start.subarray(0, end);
  if (line.length > HEADER_LIMIT) throw refuse(`has no line feed in its first ${HEADER_LIMIT} bytes`);
  return line;
}

function parseHeader(line: Buffer): unknown {
  if (!isUtf8(line)) throw refuse('has a first line that is not UTF-8');
  try {
    return JSON.parse(line.toString());
  } catch {
    throw refuse('is no Sentry envelope, its first line is not JSON');
  }
}

/**
 * The `dsn` in the header of a Sentry envelope, which is its first line. Throws a 400 problem for a body that is none.
 * https://develop.sentry.dev/sdk/foundations/transport/envelopes/
 */
export async function readEnvelopeDsn(body: Buffer, isGzip: boolean): Promise<string> {
  const header = parseHeader(firstLine(isGzip ? await inflateStart(body) : body));
  if (typeof header !== 'object' || header === null || Array.isArray(header)) {
    throw refuse('is no Sentry envelope, its first line is not a JSON object');
  }
  if ('dsn' in header && typeof header.dsn === 'string') return header.dsn;
  throw refuse('has no dsn in its first line; the SDK puts one there when its option tunnel is set');
}
