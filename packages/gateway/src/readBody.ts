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
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > limit + DRAIN_BYTES) throw tooLarge(`over ${announced}`, limit, { Connection: 'close' });
  const { size, chunks } = await takeIn(request, limit, hold);
  if (size > limit + DRAIN_BYTES) throw tooLarge(`over ${size}`, limit, { Connection: 'close' });
  if (size > limit) throw tooLarge(String(size), limit, {});
  const [only] = chunks;
  return only && chunks.length === 1 ? only : Buffer.concat(chunks, size);
}

function tooLarge(size: string, limit: number, headers: Readonly<Record<string, string>>): HttpProblem {
  return new HttpProblem(413, `body: ${size} bytes, the limit is ${limit}`, { headers });
}

interface Taken {
  /** Bytes that have come. */
  readonly size: number;
  /** All of them, or none when they are over the limit. */
  readonly chunks: readonly Buffer[];
}

/** Events and no iterator, whose promise for each chunk was a tenth of a small batch's time. */
function takeIn(request: IncomingMessage, limit: number, hold?: (bytes: number) => void): Promise<Taken> {
  return new Promise((resolve, reject) => {
    let size = 0;
    let chunks: Buffer[] = [];
    const stop = (settle: () => void): void => {
      request.off('data', take).off('end', end).off('close', fail);
      request.pause();
      settle();
    };
    const end = (): void => stop(() => resolve({ size, chunks }));
    const fail = (): void =>
      stop(() => reject(new HttpProblem(400, 'body: the connection ended before the body did')));
    const take = (chunk: Buffer): void => {
      size += chunk.length;
      try {
        if (size <= limit) {
          hold?.(chunk.length);
          chunks.push(chunk);
        } else chunks = [];
      } catch (error) {
        stop(() => reject(error));
        return;
      }
      if (size > limit + DRAIN_BYTES) end();
    };
    // One that has ended, or was cut off before anybody listened, tells nothing any more.
    if (request.readableEnded) return end();
    if (request.destroyed) return fail();
    // An error that nobody listens to is none for Node; `close` follows it.
    request.on('data', take).on('end', end).on('close', fail);
  });
}
