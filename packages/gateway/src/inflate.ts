import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

const inflateNow = promisify(gunzip);

/** As many as Node has threads for them: more at once would not be faster. */
const AT_ONCE = 4;

let running = 0;
const waiting: (() => void)[] = [];

/**
 * Inflates gzip of up to `maxOutputLength` bytes, a few bodies at a time. All at once, a thousand bodies of 1 KB would each
 * grow towards their bound together: a gigabyte for a megabyte, and nothing that has been admitted is refused for it.
 */
export async function inflate(body: Buffer, options: { readonly maxOutputLength: number }): Promise<Buffer> {
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
