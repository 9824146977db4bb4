import { once } from 'node:events';
import { connect } from 'node:net';
import { createOtlpFake, type OtlpFake } from '@artel/test-support/fakes/otlp';
import { context, trace } from '@opentelemetry/api';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { extractTraceContext, injectTraceContext } from './carry';
import { httpTracing } from './httpTracing';
import { setupTracing, type Tracing } from './setupTracing';
import { createTracedFetch, tracedFetch } from './tracedFetch';
import { traceFunction } from './traceFunction';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';
const traceparent = `00-${TRACE}-${PARENT}-01`;

let otlp: OtlpFake;
let tracing: Tracing;
let app: FastifyInstance;
beforeEach(async () => {
  otlp = await createOtlpFake();
  tracing = setupTracing({ service: 'game-service', endpoint: otlp.url, sampleRatio: 1 });
  app = Fastify();
  await app.register(httpTracing);
  const load = traceFunction('load', async (id: string) => ({ id }));
  app.post<{ Params: { id: string } }>('/games/:id', async (request) => load(request.params.id));
  app.get('/fails', async () => {
    throw new TypeError('no table');
  });
  app.get('/refuses', async () => {
    throw Object.assign(new Error('not yours'), { statusCode: 403 });
  });
  app.get('/empty', async (_request, reply) => reply.code(503).send());
  app.get('/health', async () => 'ok');
});
afterEach(async () => {
  await app.close();
  await tracing.shutdown();
});

const named = (name: string) => otlp.spans.find((span) => span.name === name);

it("makes a server span by route template beneath the browser's, and what the handler does beneath that", async () => {
  const address = await app.listen({ port: 0, host: '127.0.0.1' });
  const answer = await fetch(`${address}/games/7?token=abc`, {
    method: 'POST',
    headers: { traceparent, 'content-type': 'application/json' },
    body: JSON.stringify({ padding: 'x'.repeat(200_000) }),
  });
  expect(answer.status).toBe(200);
  await vi.waitFor(async () => {
    await tracing.forceFlush();
    expect(named('POST /games/:id')).toBeDefined();
  });
  const server = named('POST /games/:id');
  expect(server).toMatchObject({
    traceId: TRACE,
    parentSpanId: PARENT,
    kind: 2,
    attributes: {
      'http.request.method': 'POST',
      'http.route': '/games/:id',
      'url.path': '/games/7',
      'http.response.status_code': 200n,
      request_id: expect.any(String),
    },
    status: { code: 0 },
  });
  expect(named('load')).toMatchObject({ traceId: TRACE, parentSpanId: server?.spanId });
});

it('fails with 5xx and its error, and not with a refusal', async () => {
  await app.inject('/fails');
  await app.inject('/refuses');
  await app.inject('/empty');
  await tracing.forceFlush();
  expect(named('GET /fails')).toMatchObject({
    status: { code: 2, message: 'no table' },
    attributes: { 'error.type': 'TypeError', 'http.response.status_code': 500n },
    events: [{ name: 'exception' }],
  });
  expect(named('GET /refuses')).toMatchObject({ status: { code: 0 }, events: [] });
  expect(named('GET /refuses')?.attributes).toMatchObject({ 'http.response.status_code': 403n });
  expect(named('GET /empty')).toMatchObject({ status: { code: 2 }, attributes: { 'error.type': '503' } });
});

it('begins a trace of its own where there is no parent, or none that is valid', async () => {
  for (const sent of [undefined, 'nonsense', `00-${'0'.repeat(32)}-${PARENT}-01`]) {
    await app.inject({ url: '/refuses', headers: sent === undefined ? {} : { traceparent: sent } });
  }
  await tracing.forceFlush();
  expect(otlp.spans).toHaveLength(3);
  expect(otlp.spans.every((span) => span.parentSpanId === undefined && span.traceId !== TRACE)).toBe(true);
});

it('makes no span of a health check', async () => {
  await app.inject('/health');
  await tracing.forceFlush();
  expect(otlp.spans).toEqual([]);
});

it('ends the span of a client that has left', async () => {
  const other = Fastify();
  await other.register(httpTracing);
  other.get('/slow', () => new Promise(() => undefined));
  const slow = new URL(await other.listen({ port: 0, host: '127.0.0.1' }));
  const arrived = once(other.server, 'request');
  const socket = connect(Number(slow.port), '127.0.0.1');
  socket.write('GET /slow HTTP/1.1\r\nHost: x\r\n\r\n');
  await arrived;
  setTimeout(() => socket.destroy(), 20);
  await vi.waitFor(async () => {
    await tracing.forceFlush();
    expect(named('GET /slow')).toMatchObject({ attributes: { 'error.type': 'ClientAborted' } });
  });
  await other.close();
});

it('goes on through an outgoing fetch to the next service', async () => {
  const address = await app.listen({ port: 0, host: '127.0.0.1' });
  const call = traceFunction('call', async () => {
    const answer = await tracedFetch(`${address}/refuses?token=abc`, { headers: { 'x-own': '1' } });
    expect(answer.status).toBe(403);
  });
  await call();
  await vi.waitFor(async () => {
    await tracing.forceFlush();
    expect(otlp.spans).toHaveLength(3);
  });
  const client = named('GET');
  expect(client).toMatchObject({
    kind: 3,
    parentSpanId: named('call')?.spanId,
    attributes: {
      'url.full': `${address}/refuses`,
      'server.address': '127.0.0.1',
      'http.response.status_code': 403n,
      'error.type': '403',
    },
    status: { code: 2 },
  });
  expect(named('GET /refuses')).toMatchObject({ parentSpanId: client?.spanId, traceId: client?.traceId });
});

it('sends the trace to no host that it is kept from, and records a fetch that fails', async () => {
  const sent: Headers[] = [];
  const kept = createTracedFetch({
    propagateTo: ({ hostname }) => hostname === 'ours.example',
    fetch: async (_input, init) => {
      sent.push(new Headers(init?.headers));
      if (sent.length === 3) throw new TypeError('fetch failed');
      return new Response('ok');
    },
  });
  await kept('https://theirs.example/');
  await kept(new Request('https://ours.example/', { headers: { 'x-own': '1' } }));
  await expect(kept('https://ours.example/')).rejects.toThrow('fetch failed');
  expect(sent[0]?.has('traceparent')).toBe(false);
  expect(sent[1]?.get('traceparent')).toMatch(/^00-[\da-f]{32}-[\da-f]{16}-01$/);
  expect(sent[1]?.get('x-own')).toBe('1');
  await tracing.forceFlush();
  expect(otlp.spans[2]).toMatchObject({ status: { code: 2, message: 'fetch failed' } });
});

it('goes with the headers of a message and back, as text or as bytes', () => {
  trace.getTracer('test').startActiveSpan('publish', (span) => {
    const headers = injectTraceContext({ 'x-own': 7 });
    expect(headers).toMatchObject({ 'x-own': 7 });
    const asBytes = { traceparent: Buffer.from(String(headers['traceparent'])) };
    for (const carried of [headers, asBytes]) {
      const there = trace.getSpanContext(extractTraceContext(carried));
      expect(there).toMatchObject({
        traceId: span.spanContext().traceId,
        spanId: span.spanContext().spanId,
        isRemote: true,
      });
    }
    span.end();
  });
  expect(injectTraceContext({ a: 1 })).toEqual({ a: 1 });
  expect(trace.getSpanContext(extractTraceContext(undefined))).toBeUndefined();
  expect(trace.getSpanContext(context.active())).toBeUndefined();
});
