import { once } from 'node:events';
import { until } from '@artel/test-support/programs/waitUntil';
import fastifyWebSocket from '@fastify/websocket';
import Fastify from 'fastify';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { collectLines } from '../../fixtures/lines';
import { sampleOf } from '../../fixtures/sampleOf';
import { createLogger, setRequestContext, withRequestContext } from '../logging';
import { createAppMetrics, httpMetrics } from '../metrics';
import { instrumentWebSocket } from './websocket';

async function start(messageTypes?: readonly string[]) {
  const metrics = createAppMetrics({ service: 'game', processMetrics: false });
  const bare = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(bare, 'listening');
  const server = instrumentWebSocket(bare, { metrics, ...(messageTypes && { messageTypes }) });
  expect(server).toBe(bare);
  onTestFinished(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  const address = server.address();
  const url = `ws://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const open = async () => {
    const client = new WebSocket(url);
    client.on('error', () => {});
    await once(client, 'open');
    return client;
  };
  return {
    server,
    open,
    active: () => sampleOf(metrics, 'websocket_connections_active{service="game"}'),
    messages: (direction: 'in' | 'out', type: string) =>
      sampleOf(
        metrics,
        `websocket_messages_total{direction="${direction}",message_type="${type}",service="game"}`,
      ),
  };
}

it('shows the connections that are open, however they end', async () => {
  const { open, active } = await start();
  expect(await active()).toBe(0);
  const clients = [await open(), await open(), await open()];
  await until(async () => (await active()) === 3);
  clients[0]?.close();
  clients[1]?.terminate();
  await until(async () => (await active()) === 1);
});

it('counts text and binary both ways, and leaves the app’s own messages as they are', async () => {
  const { server, open, messages } = await start();
  server.on('connection', (socket) => {
    socket.on('message', (data, isBinary) => {
      socket.send(data, { binary: isBinary });
      socket.send('also');
    });
  });
  const client = await open();
  const heard: string[] = [];
  client.on('message', (data, isBinary) => heard.push(`${isBinary ? 'binary' : 'text'}: ${data}`));
  client.send('score');
  client.send(Buffer.from('shot'));
  await until(() => heard.length === 4);
  expect(heard).toEqual(['text: score', 'text: also', 'binary: shot', 'text: also']);
  expect(await messages('in', 'text')).toBe(1);
  expect(await messages('in', 'binary')).toBe(1);
  expect(await messages('out', 'text')).toBe(3);
  expect(await messages('out', 'binary')).toBe(1);
});

it('tells the types that it is given, and every other as other', async () => {
  const { server, open, messages } = await start(['score', 'join']);
  const received: string[] = [];
  server.on('connection', (socket) => {
    socket.on('message', (data) => received.push(String(data)));
    socket.send(JSON.stringify({ type: 'score', left: 7 }));
  });
  const client = await open();
  const sent = [
    '{"type":"join"}',
    '{"type":"made-up-1"}',
    '{"type":7}',
    '[]',
    'no json',
    '{',
    `{"type":"join","x":"${'a'.repeat(20_000)}"}`,
  ];
  for (const message of sent) client.send(message);
  client.send(Buffer.from('{"type":"score"}'));
  await until(() => received.length === sent.length + 1);
  expect(await messages('in', 'join')).toBe(1);
  expect(await messages('in', 'score')).toBe(1);
  expect(await messages('in', 'other')).toBe(sent.length - 1);
  expect(await messages('out', 'score')).toBe(1);
});

it('does not count what cannot be sent, whose error is the caller’s', async () => {
  const { server, open, messages } = await start();
  const connected = once(server, 'connection');
  const client = await open();
  const [socket] = await connected;
  client.terminate();
  await once(socket, 'close');
  const error = await new Promise((resolve) => socket.send('late', resolve));
  expect(error).toBeInstanceOf(Error);
  expect(await messages('out', 'text')).toBeUndefined();
});

it('watches the server of @fastify/websocket, whose handshake counts as one request with 101', async () => {
  const metrics = createAppMetrics({ service: 'game', processMetrics: false });
  const app = Fastify();
  await app.register(fastifyWebSocket);
  await app.register(httpMetrics, { metrics });
  instrumentWebSocket(app.websocketServer, { metrics, messageTypes: ['score'] });
  await app.register(async (routes) => {
    routes.get('/live/:session', { websocket: true }, (socket) => {
      socket.on('message', () => socket.send('{"type":"score"}'));
    });
  });
  const address = await app.listen({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => app.close());
  const client = new WebSocket(`${address.replace('http', 'ws')}/live/7`);
  await once(client, 'open');
  const answered = once(client, 'message');
  client.send('hello');
  await answered;
  const rest = 'service="game"}';
  expect(await sampleOf(metrics, `websocket_connections_active{${rest}`)).toBe(1);
  expect(
    await sampleOf(metrics, `websocket_messages_total{direction="in",message_type="other",${rest}`),
  ).toBe(1);
  expect(
    await sampleOf(metrics, `websocket_messages_total{direction="out",message_type="score",${rest}`),
  ).toBe(1);
  const request = 'method="GET",endpoint="/live/:session"';
  expect(await sampleOf(metrics, `http_requests_total{${request},status_code="101",${rest}`)).toBe(1);
  client.close();
  await until(async () => (await sampleOf(metrics, `websocket_connections_active{${rest}`)) === 0);
  // The connection's life is no time that a request took.
  expect(await sampleOf(metrics, `http_request_duration_seconds_count{${request},${rest}`)).toBe(0);
  expect((await metrics.expose()).body).not.toContain('status_code="499"');
});

it('tells of connections that open and close, and aloud of those that break', async () => {
  const output = collectLines();
  const metrics = createAppMetrics({ service: 'game', processMetrics: false });
  const logger = createLogger({ service: 'game', destination: output.destination });
  const app = Fastify();
  onTestFinished(() => app.close());
  await app.register(fastifyWebSocket);
  instrumentWebSocket(app.websocketServer, { metrics, logger });
  app.addHook('onRequest', (_request, _reply, done) => withRequestContext({ requestId: 'r-1' }, done));
  app.addHook('preHandler', async () => setRequestContext({ sessionId: '7' }));
  app.get('/live', { websocket: true }, () => {});
  const url = `${(await app.listen({ port: 0, host: '127.0.0.1' })).replace('http', 'ws')}/live`;
  const open = async () => {
    const client = new WebSocket(url);
    await once(client, 'open');
    return client;
  };
  (await open()).close(1000);
  await until(() => output.lines.length === 2);
  (await open()).terminate();
  await until(() => output.lines.length === 4);
  const common = { category: 'websocket', request_id: 'r-1', session_id: '7' };
  expect(output.lines).toMatchObject([
    { ...common, level: 'info', event: 'opened' },
    { ...common, level: 'info', event: 'closed', code: 1000 },
    { ...common, level: 'info', event: 'opened' },
    { ...common, level: 'warn', event: 'closed', code: 1006, message: 'WebSocket broke' },
  ]);
  expect(output.last['duration_ms']).toBeGreaterThanOrEqual(0);
});
