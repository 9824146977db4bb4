import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { expectProblem, startGateway } from '../fixtures/gateway';
import { systemClock } from './clock';

describe('the answers of the server', () => {
  it('are problems for unknown paths, wrong methods and unreadable requests too', async () => {
    const { get, url } = await startGateway();
    expectProblem(await get('/nothing'), 404, /nothing at this path/);
    const wrong = await get('/api/metrics', { method: 'DELETE' });
    expectProblem(wrong, 405, /DELETE is not for this path, it takes POST/);
    expect(wrong.headers.get('allow')).toBe('POST');
    expectProblem(await get('/%zz'), 400, /not a valid url/);
    expectProblem(await get('/live/nothing'), 404, /nothing at this path/);
    const launch = JSON.stringify({ initData: 'hash=0' });
    expectProblem(
      await get('/api/session', { method: 'POST', body: launch }),
      404,
      /not set up for this app/,
    );
    expectProblem(await get('/api/sentry', { method: 'POST', body: '{}' }), 404, /not set up/);

    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write('HELLO\r\n\r\n'));
    let text = '';
    for await (const chunk of socket) text += String(chunk);
    expect(text).toMatch(/^HTTP\/1\.1 400 Bad Request\r\nContent-Type: application\/problem\+json/);
  });

  it('tell of health, life and readiness', async () => {
    const { get } = await startGateway();
    expect((await get('/health')).body).toEqual({
      status: 'ok',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      uptime: expect.any(Number),
      checks: { store: { status: 'ok' }, server: { status: 'ok' } },
    });
    expect((await get('/health/live')).body).toEqual({ status: 'ok' });
    expect((await get('/health/ready')).body).toEqual({ status: 'ok' });
  });

  it('give Prometheus the text format that it asks for', async () => {
    const { get } = await startGateway();
    const { headers, body } = await get('/metrics');
    expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(body).toMatch(/^artel_gateway_batches_total\{outcome="accepted"\} 0$/m);
    expect(body).toMatch(/^process_start_time_seconds \d+/m);
  });

  it('let an allowed origin read them, errors too, and refuse any other', async () => {
    const { post, get, sample } = await startGateway({
      GATEWAY_ENV: 'production',
      GATEWAY_ORIGINS: 'https://app.example',
      GATEWAY_ADMIN_TOKEN: 'an-admin-token-of-any-kind',
    });
    const batch = { metrics: [{ name: 'shots' }] };
    for (const body of [batch, 'nonsense']) {
      const { headers } = await post(body, { origin: 'https://app.example' });
      expect(headers.get('access-control-allow-origin')).toBe('https://app.example');
      expect(headers.get('access-control-allow-credentials')).toBe('true');
      expect(headers.get('access-control-expose-headers')).toBe('Retry-After, Date');
      expect(headers.get('vary')).toBe('Origin');
    }
    for (const origin of ['https://evil.example', 'null', 'http://localhost:4173']) {
      const answer = await post(batch, { origin });
      expectProblem(answer, 403, /Origin/);
      expect(answer.headers.has('access-control-allow-origin')).toBe(false);
      expect(answer.headers.get('vary')).toBe('Origin');
    }
    expect((await post(batch)).headers.get('vary')).toBe('Origin');
    expect(await sample('shots_total')).toBe(2);

    const preflight = await get('/api/metrics', {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-max-age')).toBe('7200');
    expect(preflight.headers.get('access-control-allow-origin')).toBe('https://app.example');
    const refused = await get('/api/metrics', {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example' },
    });
    expect(refused.status).toBe(403);
  });

  it('leave a log without bodies, queries, addresses and headers', async () => {
    const lines: string[] = [];
    const logStream = { write: (line: string) => void lines.push(line) };
    const { post, get } = await startGateway({ LOG_LEVEL: 'trace' }, { logStream });
    await post({ metrics: [{ name: 'shots' }], token: 'tok-secret' }, { authorization: 'Bearer abc-secret' });
    await post('{"oops-secret"', { 'user-agent': 'agent-secret' });
    await get('/health/live?q=query-secret');
    const log = lines.join('');
    expect(log).toContain('/health/live');
    expect(log).toContain('/api/metrics');
    expect(log).not.toMatch(/secret|127\.0\.0\.1.*remote|remoteAddress|remotePort/);
  });
});

describe('a gateway that is started again', () => {
  it('goes on with its series and its ledger', async () => {
    const first = await startGateway();
    const batch = {
      producer: 'p1',
      seq: 3,
      metrics: [
        { name: 'shots', value: 2 },
        { name: 'web_vital_cls', value: 0.2 },
      ],
    };
    await first.post(batch);
    await first.gateway.close();
    const second = await startGateway({ DATA_DIR: first.dataDir });
    expect((await second.post(batch)).body).toMatchObject({ duplicate: true });
    expect((await second.post({ ...batch, seq: 1 })).body).toMatchObject({ duplicate: false });
    expect(await second.sample('shots_total')).toBe(4);
    expect(await second.sample('web_vital_cls_count')).toBe(2);
    expect(await second.sample('web_vital_cls_bucket{le="0.25"}')).toBe(2);
  });
});

describe('a gateway that closes', () => {
  it('does not wait for connections on which nobody asks anything', async () => {
    // By this clock the time that requests under way are given is never over.
    const clock = { ...systemClock, elapsed: () => 0 };
    const { gateway, url, post, get } = await startGateway({}, { clock });
    await post({ metrics: [{ name: 'shots' }] });
    await post({ metrics: [] }, { origin: 'https://evil.example' });
    await get('/%zz');
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.on('error', () => {});
    await gateway.close();
  });

  it('ends the request that is under way', async () => {
    const { gateway, url } = await startGateway();
    const body = '{"metrics":[{"name":"shots"}]}';
    const arrived = once(gateway.app.server, 'request');
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write(
      `POST /api/metrics HTTP/1.1\r\nHost: gw\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 5)}`,
    );
    await arrived;
    const closed = gateway.close();
    await new Promise((later) => setTimeout(later, 100));
    socket.write(body.slice(5));
    let text = '';
    for await (const chunk of socket) text += String(chunk);
    await closed;
    expect(text).toMatch(/^HTTP\/1\.1 202 /);
  });
});
