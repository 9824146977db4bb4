import { beforeAll, describe, expect, it } from 'vitest';
import { requireBuild } from '../fixtures/cli';
import { readSample } from '../fixtures/gateway';
import { dial, hostileGateway, type RawAnswer } from '../fixtures/hostile';

beforeAll(requireBuild);

// Short for the test, and long for a client that writes everything at once on a busy machine.
const brief = 'connections: { headersSeconds: 4, requestSeconds: 5, idleSeconds: 2 }';
const shots = '{"metrics":[{"name":"shots"}]}';
const head = 'POST /api/metrics HTTP/1.1\r\nHost: gw\r\n';
const withLength = (length: string | number, body = shots): string =>
  `${head}Content-Length: ${length}\r\n\r\n${body}`;
const chunked = (chunks: string): string => `${head}Transfer-Encoding: chunked\r\n\r\n${chunks}`;
const hello = Uint8Array.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03]);

function expectProblem({ status, head: shown, body }: RawAnswer): void {
  expect(shown).toContain('content-type: application/problem+json');
  expect(JSON.parse(body)).toMatchObject({
    status,
    title: expect.any(String),
    detail: expect.stringMatching(/./),
  });
}

const cases: readonly (readonly [title: string, bytes: string | Uint8Array, status: number])[] = [
  ['nonsense', 'hello, gateway\r\n\r\n', 400],
  ['a TLS handshake', hello, 400],
  ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
  ['no such method', 'EAT /health HTTP/1.1\r\nHost: gw\r\n\r\n', 400],
  ['a method of no route', 'DELETE /api/metrics HTTP/1.1\r\nHost: gw\r\n\r\n', 405],
  ['CONNECT', 'CONNECT example.com:443 HTTP/1.1\r\nHost: gw\r\n\r\n', 405],
  ['no Host', `POST /api/metrics HTTP/1.1\r\nContent-Length: ${shots.length}\r\n\r\n${shots}`, 400],
  ['a path of 20,000 characters', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: gw\r\n\r\n`, 431],
  ['a broken escape in the path', 'GET /%zz HTTP/1.1\r\nHost: gw\r\n\r\n', 400],
  ['a control character in the path', 'GET /\u0001 HTTP/1.1\r\nHost: gw\r\n\r\n', 400],
  ['a header of 20,000 characters', `${head}X-A: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ['5,000 headers', `${head}${'X-A: b\r\n'.repeat(5_000)}\r\n`, 431],
  ['a header without a name', `${head}: b\r\n\r\n`, 400],
  ['a header with a zero byte', `${head}X-A: \u0000\r\n\r\n`, 400],
  ['a folded header', `${head}X-A: b\r\n c\r\n\r\n`, 400],
  ['a length that is no number', withLength('many'), 400],
  ['a negative length', withLength(-1), 400],
  ['a length beyond all numbers', withLength('9'.repeat(40)), 400],
  ['a length of a terabyte', withLength(2 ** 40), 413],
  ['two lengths', `${head}Content-Length: 3\r\n${withLength(shots.length).slice(head.length)}`, 400],
  ['a length and chunks', `${head}Content-Length: 3\r\n${chunked('0\r\n\r\n').slice(head.length)}`, 400],
  ['a length that is too short', withLength(shots.length - 5), 400],
  ['a length that is too long', withLength(shots.length + 5), 408],
  ['a chunk whose size is no number', chunked('zz\r\n'), 400],
  ['a chunk whose size is beyond all numbers', chunked(`${'f'.repeat(17)}\r\n`), 400],
  ['a chunk that is longer than it says', chunked('3\r\n{"metrics"\r\n'), 400],
  ['chunks in another coding', `${head}Transfer-Encoding: gzip\r\n\r\n`, 400],
];

describe('what is no HTTP, or hardly', () => {
  it('is answered with a problem, counts nothing, and is let go', async () => {
    const { url } = await hostileGateway(brief);
    const all = cases.map(async ([title, bytes, status]) => {
      const peer = await dial(url);
      peer.write(bytes);
      const [answer] = await peer.answered();
      expect(answer?.status, title).toBe(status);
      await peer.gone();
      for (const one of peer.answers()) expectProblem(one);
    });
    await Promise.all(all);
    expect(await readSample(url, 'artel_gateway_series')).toBe(0);
  });

  it('may expect what it likes', async () => {
    const { url } = await hostileGateway('');
    for (const expected of ['100-continue', '200-ok']) {
      const peer = await dial(url);
      peer.write(withLength(shots.length).replace('\r\n\r\n', `\r\nExpect: ${expected}\r\n\r\n`));
      expect((await peer.answered())[0]?.status).toBe(202);
    }
    expect(await readSample(url, 'shots_total')).toBe(2);
  });
});

describe('requests that are sent without waiting for answers', () => {
  it('are answered in their order, good and bad, and counted once each', async () => {
    const { url } = await hostileGateway('');
    const peer = await dial(url);
    const kinds = [
      { bytes: withLength(shots.length), status: 202 },
      { bytes: withLength(2, '{}'), status: 400 },
      { bytes: chunked(`${shots.length.toString(16)}\r\n${shots}\r\n0\r\n\r\n`), status: 202 },
      { bytes: withLength(2_000_000, ' '.repeat(2_000_000)), status: 413 },
      { bytes: 'GET /nothing HTTP/1.1\r\nHost: gw\r\n\r\n', status: 404 },
    ];
    const sent = Array.from({ length: 100 }, (_, at) => kinds[at % kinds.length] ?? { bytes: '', status: 0 });
    peer.write(sent.map(({ bytes }) => bytes).join(''));
    const answers = await peer.answered(sent.length);
    expect(answers.map(({ status }) => status)).toEqual(sent.map(({ status }) => status));
    for (const answer of answers) if (answer.status >= 400) expectProblem(answer);
    expect(await readSample(url, 'shots_total')).toBe(40);
  });
});
