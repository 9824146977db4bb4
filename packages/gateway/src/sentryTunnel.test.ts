import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { createEnvelope, serializeEnvelope } from '@sentry/core';
import fc from 'fast-check';
import Fastify from 'fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import { expectProblem, sampleOf, startGateway } from '../fixtures/gateway';
import { HttpProblem, PROBLEM_TYPE, toProblem } from './problem';
import { registerSentryTunnel, type SentryTunnelOptions, type TunnelTenant } from './sentryTunnel';

const KEY = 'f'.repeat(32);

interface Heard {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('expected a port');
  return address.port;
}

/** A server that keeps what it is sent, and answers like Sentry or as it is told. */
async function startSentry(
  answer: (response: ServerResponse) => void = (response) => response.end('{"id":"x"}'),
) {
  const heard: Heard[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method, url, headers } = request;
      heard.push({ method, url, headers, body: Buffer.concat(chunks) });
      answer(response);
    });
  });
  const port = await listening(server);
  return { heard, server, dsn: `http://${KEY}@127.0.0.1:${port}/42`, origin: `http://127.0.0.1:${port}` };
}

async function start(dsns: readonly string[], more: Partial<SentryTunnelOptions> = {}) {
  const outcomes: (readonly [string, string | undefined])[] = [];
  const config: { tenants: readonly TunnelTenant[] } = {
    tenants: [{ id: 'billiards/production', sentryDsns: dsns }],
  };
  const app = Fastify();
  // As the gateway's own server does.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.addHook('onRequest', async ({ raw }, reply) => {
    if (raw.headers['content-type'] !== undefined) raw.headers['content-type'] = 'application/octet-stream';
    if (raw.headers.origin) reply.header('Access-Control-Expose-Headers', 'Retry-After, Date');
  });
  app.setErrorHandler((error, _request, reply) => {
    const { status, headers, details } = toProblem(error);
    return reply.code(status).headers(headers).type(PROBLEM_TYPE).send(JSON.stringify(details));
  });
  registerSentryTunnel(app, {
    tenants: () => config.tenants,
    onEnvelope: (outcome, tenant) => outcomes.push([outcome, tenant]),
    ...more,
  });
  onTestFinished(() => app.close());
  const origin = await app.listen({ host: '127.0.0.1', port: 0 });
  const send = async (
    body: string | Uint8Array,
    headers: Record<string, string> = {},
    path = '/api/sentry',
  ) => {
    const response = await fetch(origin + path, { method: 'POST', body, headers });
    const text = await response.text();
    const detail: unknown = text.startsWith('{') ? JSON.parse(text) : text;
    return { status: response.status, headers: response.headers, body: detail };
  };
  return { send, outcomes, config, origin };
}

/** An envelope by the SDK's own writer: an event with an attachment, which is not text. */
function envelope(dsn: string, attachment = new Uint8Array([0, 10, 255, 13, 10, 128])): Uint8Array {
  const written = serializeEnvelope(
    createEnvelope({ event_id: 'a'.repeat(32), sent_at: '2026-05-28T00:00:00Z', dsn }, [
      [{ type: 'event' }, { event_id: 'a'.repeat(32), message: 'Кий сломался' }],
      [{ type: 'attachment', length: attachment.length, filename: 'a.bin' }, attachment],
    ]),
  );
  return typeof written === 'string' ? Buffer.from(written) : written;
}

describe('the tunnel to Sentry', () => {
  it('hands an envelope on byte for byte, plain or gzipped, and of the page nothing', async () => {
    const sentry = await startSentry();
    const { send, outcomes } = await start([sentry.dsn]);
    const plain = envelope(sentry.dsn);
    const zipped = gzipSync(plain);
    const privately = {
      cookie: 'session=private',
      authorization: 'tma private',
      'x-forwarded-for': '203.0.113.9',
      'user-agent': 'private agent',
      referer: 'https://app.example/private',
    };
    for (const [body, headers] of [
      [plain, {}],
      [plain, { 'content-type': 'text/plain;charset=UTF-8', ...privately }],
      [zipped, { 'content-encoding': 'gzip', ...privately }],
      [zipped, { 'content-type': 'text/plain' }],
    ] as const) {
      expect((await send(body, headers, '/api/sentry?private=1')).status).toBe(200);
      const heard = sentry.heard.at(-1);
      expect(heard?.method).toBe('POST');
      expect(heard?.url).toBe(`/api/42/envelope/?sentry_key=${KEY}&sentry_version=7`);
      expect(heard?.body.equals(body)).toBe(true);
      expect(heard?.headers['content-encoding']).toBe(body === zipped ? 'gzip' : undefined);
      expect(heard?.headers).toMatchObject({
        'content-type': 'application/x-sentry-envelope',
        'user-agent': 'artel-gateway',
      });
      expect(JSON.stringify(heard?.headers)).not.toMatch(
        /private|203\.0|cookie|forwarded|authorization|referer/i,
      );
    }
    expect(outcomes).toEqual(Array.from({ length: 4 }, () => ['forwarded', 'billiards/production']));
  });

  it('passes on how Sentry answers and what it asks to leave out, and nothing else', async () => {
    let status = 200;
    const sentry = await startSentry((response) => {
      response.writeHead(status, {
        'Retry-After': '60',
        'X-Sentry-Rate-Limits': '60:error;replay:key:quota',
        'Set-Cookie': 'a=b',
        Server: 'nginx',
        'X-Sentry-Error': 'private',
      });
      response.end('{"detail":"private"}');
    });
    const { send, outcomes } = await start([sentry.dsn]);
    for (status of [200, 202, 400, 401, 413, 429]) {
      const answer = await send(envelope(sentry.dsn), { origin: 'https://app.example' });
      expect(answer.status).toBe(status);
      expect(answer.headers.get('retry-after')).toBe('60');
      expect(answer.headers.get('x-sentry-rate-limits')).toBe('60:error;replay:key:quota');
      expect(answer.headers.get('access-control-expose-headers')).toBe(
        'Retry-After, Date, X-Sentry-Rate-Limits',
      );
      expect(answer.headers.has('set-cookie') || answer.headers.has('server')).toBe(false);
      expect(JSON.stringify([...answer.headers, answer.body])).not.toContain('private');
      if (status >= 400) expect(answer.headers.get('content-type')).toBe(PROBLEM_TYPE);
    }
    expect(outcomes.map(([outcome]) => outcome)).toEqual([
      'forwarded',
      'forwarded',
      'refused',
      'refused',
      'refused',
      'refused',
    ]);
    for (status of [500, 503]) {
      const answer = await send(envelope(sentry.dsn));
      expect(answer).toMatchObject({ status: 502, body: { detail: `Sentry answered ${status}.` } });
    }
  });

  it('follows no redirect', async () => {
    const inner = await startSentry();
    const sentry = await startSentry((response) => {
      response.writeHead(307, { Location: `${inner.origin}/private` }).end();
    });
    const { send } = await start([sentry.dsn]);
    expect(await send(envelope(sentry.dsn))).toMatchObject({ status: 502 });
    expect(inner.heard).toEqual([]);
  });

  it('says 503 where Sentry is dead, and where it never answers', async () => {
    const dead = await startSentry();
    dead.server.close();
    const silent = await startSentry(() => undefined);
    const { send, outcomes } = await start([dead.dsn, silent.dsn], { limits: { timeoutMs: 100 } });
    for (const { dsn } of [dead, silent]) {
      const answer = await send(envelope(dsn));
      expect(answer).toMatchObject({ status: 503, body: { detail: 'Sentry cannot be reached.' } });
      expect(answer.headers.get('retry-after')).toBe('30');
    }
    expect(outcomes.map(([outcome]) => outcome)).toEqual(['failed', 'failed']);
  });

  it('is no open relay: another key, project, host, port, path or spelling is refused', async () => {
    const sentry = await startSentry();
    const other = await startSentry();
    const { send, outcomes } = await start([sentry.dsn]);
    const host = sentry.dsn.slice(sentry.dsn.indexOf('@') + 1, -3);
    const evil = other.dsn.slice(other.dsn.indexOf('@') + 1, -3);
    const tricks = [
      other.dsn,
      `http://${'e'.repeat(32)}@${host}/42`,
      `http://${KEY}@${host}/43`,
      `http://${KEY}@${host}/042`,
      `http://${KEY}@${host}/42/`,
      `http://${KEY}@${host}/42?x`,
      `http://${KEY}@${host}/42#x`,
      `http://${KEY}@${host}/x/../42`,
      `http://${KEY}@${host}//42`,
      `http://${KEY}@${evil}#@${host}/42`,
      `http://${KEY}@${evil}?@${host}/42`,
      `http://${KEY}@${evil}\\@${host}/42`,
      `http://${host}@${evil}/42`,
      `http://${KEY}:secret@${host}/42`,
      `https://${KEY}@${host}/42`,
      `HTTP://${KEY}@${host}/42`,
      `http://${KEY}@${host.replace('127.0.0.1', 'localhost')}/42`,
      `http://${KEY}@${host.replace('127.0.0.1', '127.1')}/42`,
      ` ${sentry.dsn}`,
      `${sentry.dsn}\n`,
      '',
      '__proto__',
    ];
    for (const dsn of tricks) {
      const answer = await send(`${JSON.stringify({ dsn })}\n{"type":"event"}\n{}`);
      expect(answer, dsn).toMatchObject({ status: 403, body: { detail: expect.stringMatching(/^dsn: /) } });
    }
    expect(sentry.heard).toEqual([]);
    expect(other.heard).toEqual([]);
    expect(new Set(outcomes.map((one) => one.join()))).toEqual(new Set(['refused,']));
  });

  it('asks no address but the configured ones, whatever the header and the body hold', async () => {
    const sentry = await startSentry();
    const asked: unknown[] = [];
    const { send } = await start([sentry.dsn], {
      fetch: async (input) => {
        asked.push(input);
        return new Response(null, { status: 200 });
      },
    });
    const host = sentry.dsn.slice(sentry.dsn.indexOf('@') + 1);
    const part = fc.constantFrom(
      'http://',
      KEY,
      '@',
      host,
      '/42',
      '/',
      ':',
      '..',
      '%2e',
      '\\',
      '#',
      '?',
      '\u0000',
    );
    const header = fc.oneof(
      fc.json(),
      fc.array(part, { maxLength: 8 }).map((parts) => JSON.stringify({ dsn: parts.join('') })),
      fc.array(part, { maxLength: 4 }).map((parts) => `{"dsn":"${sentry.dsn}","dsn":"x${parts.join('')}"}`),
      fc.jsonValue().map((value) => JSON.stringify({ __proto__: null, dsn: value })),
      fc.constant(JSON.stringify({ dsn: sentry.dsn, url: 'http://evil.example', sentry_key: 'x' })),
      fc.string({ unit: 'binary' }),
    );
    await fc.assert(
      fc.asyncProperty(header, fc.uint8Array({ maxLength: 60 }), fc.boolean(), async (first, rest, zip) => {
        const body = Buffer.concat([Buffer.from(`${first}\n`), rest]);
        const { status } = await send(zip ? gzipSync(body) : body);
        expect([200, 400, 403]).toContain(status);
      }),
      { numRuns: 300 },
    );
    expect(new Set(asked)).toEqual(
      new Set([`http://${host.slice(0, -3)}/api/42/envelope/?sentry_key=${KEY}&sentry_version=7`]),
    );
  });

  it.each([
    ['nothing', '', 400, /first line is not JSON/],
    ['text', 'hello', 400, /first line is not JSON/],
    ['a list', '[]\n', 400, /not a JSON object/],
    ['no dsn', '{}\n{"type":"event"}\n{}', 400, /no dsn/],
    ['a dsn that is no text', '{"dsn":{"host":"x"}}\n', 400, /no dsn/],
    ['a header without end', `{"dsn":"${'x'.repeat(20_000)}"}\n`, 400, /no line feed/],
    ['bytes that are no text', Buffer.from([0x7b, 0xff, 0x0a]), 400, /not UTF-8/],
    ['half a gzip', gzipSync('{"dsn":"x"}\n').subarray(0, 12), 400, /inflated/],
    ['a header like a bomb', gzipSync(Buffer.alloc(50_000_000, 0x20)), 400, /no line feed/],
  ])('refuses %s', async (_, body, status, detail) => {
    const sentry = await startSentry();
    const { send } = await start([sentry.dsn]);
    const refused = { status, body: { status, detail: expect.stringMatching(detail) } };
    expect(await send(body)).toMatchObject(refused);
    expect(sentry.heard).toEqual([]);
  });

  it('refuses other encodings, and gzip that is none', async () => {
    const sentry = await startSentry();
    const { send } = await start([sentry.dsn]);
    for (const encoding of ['br', 'gzip, gzip', 'deflate']) {
      expect((await send(envelope(sentry.dsn), { 'content-encoding': encoding })).status).toBe(415);
    }
    expect((await send(envelope(sentry.dsn), { 'content-encoding': 'gzip' })).status).toBe(400);
    expect(sentry.heard).toEqual([]);
  });

  it('takes what is within its size, and no more', async () => {
    const sentry = await startSentry();
    const whole = envelope(sentry.dsn, new Uint8Array(3_000_000));
    const { send } = await start([sentry.dsn], { limits: { bodyBytes: whole.length } });
    expect((await send(whole)).status).toBe(200);
    expect(sentry.heard[0]?.body.equals(whole)).toBe(true);
    expect(await send(Buffer.concat([whole, Buffer.from('x')]))).toMatchObject({
      status: 413,
      body: { detail: `body: ${whole.length + 1} bytes, the limit is ${whole.length}` },
    });
    expect(sentry.heard).toHaveLength(1);
  });

  it('has so much under way and no more, and recovers', async () => {
    const waiting: ServerResponse[] = [];
    const sentry = await startSentry((response) => waiting.push(response));
    const { send, outcomes } = await start([sentry.dsn], { limits: { inFlight: 3 } });
    const sent = Array.from({ length: 3 }, () => send(envelope(sentry.dsn)));
    await expect.poll(() => waiting.length).toBe(3);
    const answer = await send(envelope(sentry.dsn));
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('5');
    expect(outcomes).toEqual([['busy', 'billiards/production']]);
    for (const response of waiting) response.end();
    expect((await Promise.all(sent)).map(({ status }) => status)).toEqual([200, 200, 200]);
    const after = send(envelope(sentry.dsn));
    await expect.poll(() => waiting.length).toBe(4);
    waiting[3]?.end();
    expect((await after).status).toBe(200);
  });

  it('holds so many bytes and no more, of envelopes still arriving too, and lets them go', async () => {
    const sentry = await startSentry();
    const { send, origin } = await start([sentry.dsn], { limits: { heldBytes: 100_000 } });
    // A sender that stops in the middle.
    const socket = connect(Number(new URL(origin).port), '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    socket.write(
      `POST /api/sentry HTTP/1.1\r\nHost: x\r\nContent-Length: 95000\r\n\r\n${'x'.repeat(90_000)}`,
    );
    const large = envelope(sentry.dsn, new Uint8Array(20_000));
    await expect.poll(async () => (await send(large)).status).toBe(503);
    expect((await send(envelope(sentry.dsn))).status).toBe(200);
    socket.destroy();
    await expect.poll(async () => (await send(large)).status).toBe(200);
  });

  it('lets itself be held up before it reads anything', async () => {
    const sentry = await startSentry();
    const admit = (): void => {
      throw new HttpProblem(429, 'too many', { headers: { 'Retry-After': '7' } });
    };
    const { send } = await start([sentry.dsn], { admit });
    expect((await send(envelope(sentry.dsn))).status).toBe(429);
    expect(sentry.heard).toEqual([]);
  });

  it('does not listen where no DSN is configured, and learns of those that a reload brings', async () => {
    const sentry = await startSentry();
    const { send, config } = await start([]);
    expect(await send(envelope(sentry.dsn))).toMatchObject({
      status: 404,
      body: { detail: expect.stringContaining('sentryDsns') },
    });
    config.tenants = [{ id: 'other', sentryDsns: [sentry.dsn] }];
    expect((await send(envelope(sentry.dsn))).status).toBe(200);
    config.tenants = [{ id: 'other', sentryDsns: [sentry.dsn.replace('42', '43')] }];
    expect((await send(envelope(sentry.dsn))).status).toBe(403);
  });
});

describe('a gateway with a tunnel', () => {
  it('is told of its DSNs by the environment, and lets pages of its origins read the limits', async () => {
    const sentry = await startSentry((response) => {
      response.writeHead(429, { 'X-Sentry-Rate-Limits': '60:replay:key' }).end();
    });
    const env = { GATEWAY_SENTRY_DSNS: sentry.dsn, GATEWAY_ORIGINS: 'https://app.example' };
    const { get, url } = await startGateway(env);
    const body = envelope(sentry.dsn);
    const answer = await get('/api/sentry', {
      method: 'POST',
      body,
      headers: { origin: 'https://app.example' },
    });
    expectProblem(answer, 429, /Sentry answered 429/);
    expect(answer.headers.get('x-sentry-rate-limits')).toBe('60:replay:key');
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.example');
    expect(answer.headers.get('access-control-expose-headers')).toMatch(/X-Sentry-Rate-Limits$/);
    const evil = await get('/api/sentry', {
      method: 'POST',
      body,
      headers: { origin: 'https://evil.example' },
    });
    expectProblem(evil, 403, /Origin/);
    expectProblem(
      await get('/api/sentry', { method: 'POST', body: envelope('https://k@o1.ingest.sentry.io/1') }),
      403,
      /dsn/,
    );
    expect(sentry.heard).toHaveLength(1);
    const page = await (await fetch(`${url}/metrics`)).text();
    expect(sampleOf(page, 'artel_gateway_sentry_envelopes_total{outcome="refused"}')).toBe(2);
  });

  it('does not start with what is no DSN, and does not show its key', async () => {
    await expect(
      startGateway({ GATEWAY_SENTRY_DSNS: 'https://secretkey@sentry.io/nothing' }),
    ).rejects.toThrow(/^GATEWAY_SENTRY_DSNS.*expected a Sentry DSN like(?!.*secretkey)/);
  });
});
