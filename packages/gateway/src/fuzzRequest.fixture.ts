import type { Dice } from './dice.fixture';
import { spoil } from './fuzzBody.fixture';

const methods = [
  'GET',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'HEAD',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
  'PURGE',
  'M-SEARCH',
  'CONNECT',
  'get',
  'EAT',
  '',
];
const paths = [
  '/api/metrics',
  '/api/session',
  '/api/sentry',
  '/metrics',
  '/live',
  '/live/',
  '/live/state',
  '/live/login',
  '/live/logout',
  '/health',
  '/health/ready',
  '/',
  '//',
  '/api',
  '/api/metrics/',
  '/API/METRICS',
  '/api/metrics?x=1',
  '/api%2fmetrics',
  '/%',
  '/%ff',
  '/\u0001',
  '*',
  'http://gw/health',
  '/../../etc/passwd',
  '/live/..%2f..',
  '/live/__proto__',
  '/constructor',
  '?',
  '#',
  `/${'x'.repeat(3_000)}`,
  '/live/events?tenant=%00',
];
const headerNames = [
  'Origin',
  'Content-Type',
  'Content-Encoding',
  'Authorization',
  'X-Artel-Key',
  'X-Forwarded-For',
  'Cookie',
  'Accept',
  'Accept-Encoding',
  'Expect',
  'Connection',
  'Upgrade',
  'Transfer-Encoding',
  'Content-Length',
  'If-None-Match',
  'Sec-Fetch-Site',
  'Access-Control-Request-Method',
  'Host',
  'Range',
  'TE',
  'X-HTTP-Method-Override',
  '__proto__',
  'constructor',
  'traceparent',
  ' ',
  'A B',
  '',
];
const headerValues = [
  '',
  'x',
  'https://evil.example',
  'null',
  'http://localhost:1',
  'application/json',
  ';;;',
  'gzip',
  'br, zstd',
  'identity',
  'chunked',
  'close',
  'keep-alive, upgrade',
  'websocket',
  'h2c',
  '100-continue',
  'tma x',
  'Bearer x',
  'Bearer __proto__',
  'Basic eDp4',
  '-1',
  '0',
  '5',
  '99999999999999999999',
  '1.2.3.4, 5.6.7.8',
  '::1%eth0',
  'artel_live=AAAA',
  'a=b; '.repeat(200),
  'same-origin',
  'navigate',
  '"x"',
  '*',
  '\t',
  '\u00ff',
  '\u0000',
  'x'.repeat(4_000),
];

/** A whole request, byte for byte, of which nothing has to be right. */
export function fuzzRequest(dice: Dice, body: Buffer): Buffer {
  const version = dice.chance(0.95)
    ? 'HTTP/1.1'
    : dice.pick(['HTTP/1.0', 'HTTP/2.0', 'HTTP/9.9', 'http/1.1', '']);
  const lines = [`${dice.chance(0.5) ? 'POST' : dice.pick(methods)} ${dice.pick(paths)} ${version}`];
  if (dice.chance(0.95)) lines.push('Host: gw');
  for (let count = dice.below(4); count > 0; count--)
    lines.push(`${dice.pick(headerNames)}: ${dice.pick(headerValues)}`);
  if (dice.chance(0.8)) lines.push(`Content-Length: ${dice.chance(0.9) ? body.length : dice.below(99)}`);
  // Behind what may be more or less than a body comes no second request.
  lines.push('Connection: close', '', '');
  const bytes = Buffer.concat([Buffer.from(lines.join('\r\n'), 'latin1'), body]);
  return dice.chance(0.1) ? spoil(dice, bytes) : bytes;
}
