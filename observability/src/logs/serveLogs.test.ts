import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { compress } from 'snappyjs';
import { expect, it, onTestFinished } from 'vitest';
import { pushMessage } from './push/pushMessage';
import { serveLogs } from './serveLogs';
import { openLineStore } from './store/lineStore';

const now = Date.parse('2026-11-25T10:43:06.756Z');
const nanos = `${now}000000`;
const labels = { service_name: 'game-service', level: 'error', environment: 'production' };
const line = '{"message":"It broke","error":"on purpose"}';
const push = JSON.stringify({ streams: [{ stream: labels, values: [[nanos, line]] }] });

function start(token?: string) {
  const folder = mkdtempSync(join(tmpdir(), 'artel-logs-serve-'));
  const store = openLineStore({ folder, keepMs: 2 ** 40, maxBytes: 1 << 20 });
  const app = serveLogs({ store, token, now: () => now });
  onTestFinished(async () => {
    await app.close();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const send = (payload: string | Buffer, headers: Record<string, string> = {}) =>
    app.inject({
      method: 'POST',
      url: '/loki/api/v1/push',
      payload,
      headers: { 'content-type': 'application/json', ...headers },
    });
  return { app, store, send };
}

it('takes pushes as Loki does: JSON, gzip, and protobuf in Snappy, and each entry once', async () => {
  const { app, store, send } = start();
  expect((await send(push)).statusCode).toBe(204);
  expect((await send(gzipSync(push), { 'content-encoding': 'gzip' })).statusCode).toBe(204);
  const [seconds, rest] = [Math.floor(now / 1_000), (now % 1_000) * 1e6];
  const text = '{environment="production", level="error", service_name="game-service"}';
  const entries = [{ timestamp: { seconds, nanos: rest }, line }];
  const message = pushMessage
    .encode(pushMessage.fromObject({ streams: [{ labels: text, entries }] }))
    .finish();
  const protobuf = { 'content-type': 'application/x-protobuf' };
  expect((await send(Buffer.from(compress(message)), protobuf)).statusCode).toBe(204);
  expect(store.stats()).toMatchObject({ lines: 1, duplicates: 2 });

  const answer = await app.inject('/api/logs/errors?service=game-service&environment=production');
  expect(answer.json()).toMatchObject({
    question: 'errors',
    logql: expect.stringContaining('{level=~"error|fatal", environment="production"'),
    answers: [
      {
        time: '2026-11-25T10:43:06.756Z',
        nanos,
        text: '[error] game-service: It broke on purpose',
        labels,
        line,
      },
    ],
  });
  const shown = await app.inject('/api/logs/errors?format=text');
  expect(shown.body).toBe('2026-11-25T10:43:06.756Z [error] game-service: It broke on purpose\n');
  expect((await app.inject('/metrics')).body).toContain('artel_logs_duplicates_total 2\n');
});

it('keeps all of a push or nothing', async () => {
  const { store, send } = start();
  const values = [
    [nanos, 'right'],
    ['soon', 'wrong'],
  ];
  const answer = await send(JSON.stringify({ streams: [{ stream: labels, values }] }));
  expect(answer.statusCode).toBe(400);
  expect(answer.headers['content-type']).toContain('application/problem+json');
  expect(answer.json().detail).toBe('streams[0].values[1][0]: expected Unix time in ns as a text of digits');
  expect(store.stats().lines).toBe(0);
});

it.each([
  ['/api/logs/slow', 400, 'question: expected one of errors'],
  ['/api/logs/errors?severity=high', 400, 'parameter: expected one of environment'],
  ['/api/logs/errors?since=soon', 400, 'since: expected a time such as 15m, 1h or 7d, got "soon"'],
  ['/api/logs/errors?from=2026-11-25&to=2026-11-24', 400, 'from, to: expected a beginning before the end'],
  ['/api/logs/errors?since=1h&since=2h', 400, 'since: expected it once'],
  ['/api/logs/errors?limit=0', 400, 'limit: expected a whole number from 1 to 10000, got "0"'],
  ['/api/logs/errors?format=xml', 400, 'format: expected json or text'],
  ['/nowhere', 404, 'nothing answers GET /nowhere'],
])('answers %s with %i and why', async (url, status, detail) => {
  const answer = await start().app.inject(url);
  expect([answer.statusCode, answer.json().detail]).toEqual([status, expect.stringContaining(detail)]);
});

it('lists its questions with their parameters', async () => {
  const list = (await start().app.inject('/api/logs')).json();
  expect(list).toHaveLength(8);
  expect(list).toContainEqual(
    expect.objectContaining({
      name: 'slow-requests',
      parameters: expect.arrayContaining([
        expect.objectContaining({ name: 'thresholdMs', otherwise: 1_000 }),
      ]),
    }),
  );
});

it('answers nobody without the token, where there is one', async () => {
  const { app, send } = start('a-token-of-16-characters');
  expect((await send(push)).statusCode).toBe(401);
  expect((await send(push, { authorization: 'Bearer a-token-of-17-characters' })).statusCode).toBe(401);
  expect((await app.inject('/api/logs/errors')).statusCode).toBe(401);
  const headers = { authorization: 'Bearer a-token-of-16-characters', host: 'logs.example' };
  expect((await send(push, headers)).statusCode).toBe(204);
  expect((await app.inject('/ready')).statusCode).toBe(200);
});

it('is not there for a page of another name or origin, without a token', async () => {
  const { app, send } = start();
  const headers = { host: 'rebound.example' };
  expect((await app.inject({ url: '/api/logs/errors', headers })).statusCode).toBe(403);
  // What a page may send to any origin without asking.
  expect((await send(push, { 'content-type': 'text/plain' })).statusCode).toBe(415);
  for (const host of ['localhost:3110', '127.0.0.1', '[::1]:3110']) {
    expect((await app.inject({ url: '/api/logs/errors', headers: { host } })).statusCode).toBe(200);
  }
});

it('inflates no more than it may', async () => {
  const { send } = start();
  const bomb = gzipSync(Buffer.alloc(64 << 20));
  const answer = await send(bomb, { 'content-encoding': 'gzip' });
  expect([answer.statusCode, answer.json().detail]).toEqual([
    400,
    expect.stringContaining('is no gzip of at most'),
  ]);
  expect((await send(push, { 'content-encoding': 'br' })).statusCode).toBe(400);
  expect((await send('x'.repeat((8 << 20) + 1))).statusCode).toBe(413);
});
