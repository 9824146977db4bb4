import { createServer, type Server } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { parseAndCount } from './parseAndCount';

const ANSWER = JSON.stringify({ accepted: 1, rejected: [], duplicate: false });

/**
 * What is behind no gateway: Node's own HTTP server, `JSON.parse` and a `Map`. It limits nothing, checks nothing, counts
 * twice what comes twice, and has forgotten everything when it ends.
 */
export function createBareServer(): Server {
  const sums = new Map<string, number>();
  return createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      parseAndCount(body[0] === 0x1f ? gunzipSync(body) : body, sums);
      response.writeHead(202, { 'Content-Type': 'application/json', 'Content-Length': ANSWER.length });
      response.end(ANSWER);
    });
  });
}
