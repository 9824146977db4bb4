import { promisify } from 'node:util';
import { gunzip, gunzipSync } from 'node:zlib';

const inflateNow = promisify(gunzip);

/** What comes to no more than this is inflated at once, in less time than it takes to send it to another thread. */
const SMALL_BYTES = 65_536;

/** The size that the last four bytes of a gzip file say it has (https://www.rfc-editor.org/rfc/rfc1952#page-5). */
function saidSize(body: Buffer): number {
  return body.length < 18 ? Number.POSITIVE_INFINITY : body.readUInt32LE(body.length - 4);
}

/** A body that is small and says so; `undefined` for any other, whatever it says. */
function inflateSmall(body: Buffer, limit: number): Buffer | undefined {
  if (body.length > SMALL_BYTES || saidSize(body) > Math.min(SMALL_BYTES, limit)) return undefined;
  try {
    return gunzipSync(body, { maxOutputLength: Math.min(SMALL_BYTES, limit) });
  } catch {
    // It is more than it said, or broken: the way of the large ones tells.
    return undefined;
  }
}

/** As many as Node has threads for them: more at once would not be faster. */
const AT_ONCE = 4;

let running = 0;
const waiting: (() => void)[] = [];

/**
 * Inflates gzip of up to `maxOutputLength` bytes, large bodies a few at a time. All at once, a thousand bodies of 1 KB would each
 * grow towards their bound together: a gigabyte for a megabyte, and nothing that has been admitted is refused for it.
 */
export async function inflate(body: Buffer, options: { readonly maxOutputLength: number }): Promise<Buffer> {
  const small = inflateSmall(body, options.maxOutputLength);
  if (small) return small;
  if (running >= AT_ONCE) await new Promise<void>((turn) => waiting.push(turn));
  else running++;
  try {
    return await inflateNow(body, options);
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running--;
  }
}
