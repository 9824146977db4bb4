import { EventEmitter, once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import Fastify, { LogController } from 'fastify';
import { afterEach, expect, it, vi } from 'vitest';
import { collectLines, leaks, planted } from '../../fixtures/lines';
import { createLogger } from './createLogger';
import { setRequestContext } from './requestContext';
import { type RequestLoggingOptions, requestLogging } from './requestLogging';

const opened: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((app) => app.close()));
});

async function setUp(options: Partial<RequestLoggingOptions> = {}) {
  const output = collectLines();
  const logger = createLogger({ service: 'game-service', destination: output.destination });
  const app = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
  });
  opened.push(app);
  await app.register(requestLogging, { logger, ...options });
  app.post('/games/:id/shots', async (request) => {
    await wait(1);
    setRequestContext({ userId: '42' });
    request.log.info('Shot taken');
    return { ok: true };
  });
  app.get('/fails', async () => {
    throw new TypeError(`cannot reach ${planted.email}`);
  });
  app.get('/refuses', async () => {
    throw Object.assign(new Error('not yours'), { statusCode: 403 });
  });
  app.get('/health/live', async () => ({ ok: true }));
  return { app, logger, output };
}

interface Listening {
  listen(options: { readonly port: number; readonly host: string }): Promise<string>;
}

async function listen(app: Listening, output: ReturnType<typeof collectLines>): Promise<string> {
  const address = await app.listen({ port: 0, host: '127.0.0.1' });
  // Fastify tells of the address.
  output.clear();
  return address;
}

it('tells when a request starts and when it is completed, by route template and path', async () => {
  const { app, output } = await setUp();
  const answer = await app.inject({
    method: 'POST',
    url: '/games/7/shots?token=abc',
    headers: { 'user-agent': 'Telegram-Android/11', 'x-request-id': 'caller-0001' },
    payload: { power: 3 },
  });
  expect(answer.headers['x-request-id']).toBe('caller-0001');
  const common = {
    method: 'POST',
    url: '/games/:id/shots',
    path: '/games/7/shots',
    request_id: 'caller-0001',
  };
  expect(output.lines).toMatchObject([
    {
      ...common,
      message: 'Request started',
      category: 'http_request',
      user_agent: 'Telegram-Android/11',
      client_ip: expect.stringMatching(/^[\da-f]{16}$/),
    },
    { message: 'Shot taken', request_id: 'caller-0001', user_id: '42' },
    {
      ...common,
      message: 'Request completed',
      category: 'http_response',
      status_code: 200,
      duration_ms: expect.any(Number),
      user_id: '42',
    },
  ]);
});

it('tells of a failure with its error and stack, once', async () => {
  const { app, output } = await setUp();
  const answer = await app.inject('/fails');
  expect(answer.statusCode).toBe(500);
  const failures = output.lines.filter((line) => line['level'] === 'error');
  expect(failures).toMatchObject([
    {
      message: 'Request failed',
      category: 'http_error',
      status_code: 500,
      error: 'cannot reach [Filtered]',
      error_type: 'TypeError',
      stack: expect.stringContaining('    at '),
      request_id: answer.headers['x-request-id'],
    },
  ]);
  expect(output.lines).toHaveLength(2);
});

it('takes a refusal for a completed request', async () => {
  const { app, output } = await setUp();
  await app.inject('/refuses');
  await app.inject('/nowhere/at/all');
  expect(output.lines.filter((line) => line['category'] === 'http_response')).toMatchObject([
    { status_code: 403, level: 'info' },
    { status_code: 404, url: 'not_found', path: '/nowhere/at/all' },
  ]);
});

it('makes an id where the caller sends none, or none that is well-formed', async () => {
  const { app } = await setUp();
  const uuid = /^[\da-f]{8}-[\da-f-]{27}$/;
  for (const sent of [
    undefined,
    'short',
    'with space in',
    'x'.repeat(65),
    planted.botToken,
    planted.jwt,
    '<script>alert',
  ]) {
    const answer = await app.inject({
      url: '/health/live',
      headers: sent === undefined ? {} : { 'x-request-id': sent },
    });
    expect(answer.headers['x-request-id']).toMatch(uuid);
  }
});

it('is silent of health checks unless they fail', async () => {
  const { app, output } = await setUp({ quietRoutes: ['/health/live', '/fails'] });
  await app.inject('/health/live');
  expect(output.lines).toEqual([]);
  await app.inject('/fails');
  expect(output.lines).toMatchObject([{ message: 'Request failed' }]);
});

it('keeps parallel requests over real sockets apart, with bodies and streams', async () => {
  const { app, output } = await setUp();
  app.post('/echo/:id', async (request, reply) => {
    await wait(Math.random() * 4);
    request.log.info({ id: Reflect.get(Object(request.params), 'id') }, 'Echoing');
    return reply.send(Readable.from([JSON.stringify(request.body)]));
  });
  const address = await listen(app, output);
  const ids = Array.from({ length: 40 }, (_, index) => `request-${index + 100}`);
  await Promise.all(
    ids.map(async (id) => {
      const answer = await fetch(`${address}/echo/${id}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-request-id': id },
        body: JSON.stringify({ id, padding: 'x'.repeat(50_000) }),
      });
      expect(await answer.json()).toMatchObject({ id });
    }),
  );
  await vi.waitFor(() => expect(output.lines).toHaveLength(ids.length * 3));
  for (const line of output.lines.filter((one) => one['message'] === 'Echoing')) {
    expect(line['request_id']).toBe(line['id']);
  }
  for (const id of ids) {
    expect(output.lines.filter((line) => line['request_id'] === id).map((line) => line['message'])).toEqual([
      'Request started',
      'Echoing',
      'Request completed',
    ]);
  }
});

it('knows the request of a body that could not be read', async () => {
  const { app, output } = await setUp();
  app.setErrorHandler((error, request, reply) => {
    request.log.warn({ err: error }, 'Refused');
    return reply.code(400).send({ error: 'bad' });
  });
  const address = await listen(app, output);
  const answer = await fetch(`${address}/games/7/shots`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-request-id': 'bad-body-1' },
    body: '{"power": ',
  });
  expect(answer.status).toBe(400);
  expect(output.lines.map((line) => [line['message'], line['request_id']])).toEqual([
    ['Request started', 'bad-body-1'],
    ['Refused', 'bad-body-1'],
    ['Request completed', 'bad-body-1'],
  ]);
});

it('tells of a client that leaves before the answer, once, and of an error after that', async () => {
  const { app, output } = await setUp();
  const gate = new EventEmitter();
  const left = once(gate, 'leave');
  app.get('/slow', async () => {
    await left;
    throw new Error('too late');
  });
  const address = await listen(app, output);
  const { port } = new URL(address);
  const socket = connect(Number(port), '127.0.0.1');
  socket.write('GET /slow HTTP/1.1\r\nHost: x\r\n\r\n');
  await vi.waitFor(() => expect(output.lines).toHaveLength(1));
  socket.destroy();
  await vi.waitFor(() => expect(output.lines).toHaveLength(2));
  gate.emit('leave');
  await vi.waitFor(() => expect(output.lines).toHaveLength(3));
  const [started, aborted, failed] = output.lines;
  expect(aborted).toMatchObject({
    message: 'Request aborted',
    level: 'warn',
    status_code: 499,
    category: 'http_error',
    request_id: started?.['request_id'],
  });
  expect(failed).toMatchObject({ message: 'Request failed after the client had left', error: 'too late' });
});

it('holds no body, token, query or raw address of a whole session', async () => {
  const { app, output } = await setUp();
  await app.inject({
    method: 'POST',
    url: `/games/${planted.botToken}/shots?initData=${encodeURIComponent(planted.initData)}`,
    headers: {
      authorization: planted.bearer,
      cookie: `session=${planted.jwt}`,
      'user-agent': `Mozilla/5.0 ${planted.email}`,
      'x-request-id': planted.jwt,
    },
    remoteAddress: planted.address,
    payload: planted,
  });
  await app.inject({ url: `/${planted.jwt}#${planted.initData}`, remoteAddress: planted.address });
  await app.inject({ url: '/fails', remoteAddress: planted.address });
  expect(output.lines).toHaveLength(7);
  expect(leaks(output.text)).toEqual([]);
});

it('hashes an address alike under one secret, and refuses a short secret', async () => {
  const secret = 'a secret of thirty-two bytes or more';
  const hashes = await Promise.all(
    [1, 2].map(async () => {
      const { app, output } = await setUp({ secret });
      await app.inject({ url: '/refuses', remoteAddress: planted.address });
      return output.lines[0]?.['client_ip'];
    }),
  );
  expect(hashes[0]).toBe(hashes[1]);
  await expect(setUp({ secret: 'short' })).rejects.toThrow('secret: expected at least 32 bytes, got 5');
});

it('answers a request over a real socket with the id that its lines bear', async () => {
  const { app, output } = await setUp();
  const address = await listen(app, output);
  const id = await new Promise((resolve, reject) => {
    httpRequest(`${address}/refuses`, (response) => {
      response.resume();
      resolve(response.headers['x-request-id']);
    })
      .on('error', reject)
      .end();
  });
  await vi.waitFor(() => expect(output.lines).toHaveLength(2));
  expect(output.lines.map((line) => line['request_id'])).toEqual([id, id]);
});
