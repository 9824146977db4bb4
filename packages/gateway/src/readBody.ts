import type { IncomingMessage } from 'node:http';
import { HttpProblem } from './problem';

/** How much of a body that is too large is read to its end before the answer. */
const DRAIN_BYTES = 16 * 1_048_576;

/**
 * Reads a request's body. Throws a 413 problem for one over `limit` bytes, and only once it has been read away, up to
 * 16 MiB: an answer into a connection whose sender still writes is lost to a TCP reset. `hold` is told of bytes that stay in
 * memory as they arrive, and may throw a problem, which ends the reading.
 */
export async function readBody(
  request: IncomingMessage,
  limit: number,
  hold?: (bytes: number) => void,
): Promise<Buffer> {
  let size = Number(request.headers['content-length'] ?? 0);
  let chunks: Buffer[] = [];
  if (size <= limit + DRAIN_BYTES) {
    size = 0;
    try {
      // Leaving a plain `for await` would destroy the socket that has to carry the answer.
      for await (const chunk of request.iterator({ destroyOnReturn: false })) {
        if (!Buffer.isBuffer(chunk)) continue;
        size += chunk.length;
        if (size <= limit) {
          hold?.(chunk.length);
          chunks.push(chunk);
        } else chunks = [];
        if (size > limit + DRAIN_BYTES) break;
      }
    } catch (error) {
      if (error instanceof HttpProblem) throw error;
      throw new HttpProblem(400, 'body: the connection ended before the body did');
    }
  }
  if (size <= limit) return Buffer.concat(chunks, size);
  const open = size <= limit + DRAIN_BYTES;
  throw new HttpProblem(413, `body: ${open ? size : `over ${size}`} bytes, the limit is ${limit}`, {
    headers: open ? {} : { Connection: 'close' },
  });
}
