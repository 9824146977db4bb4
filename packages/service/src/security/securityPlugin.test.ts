import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createWatch, type Watch } from '../../fixtures/security';
import type { SecurityMonitorOptions } from './securityOptions';
import { type SecurityPluginOptions, securityPlugin } from './securityPlugin';

const ATTACK = "' OR '1'='1";
const UNION = "1' UNION SELECT NULL,login FROM information_schema.tables--";

interface Guarded extends Watch {
  readonly app: FastifyInstance;
  /** How often a route has run. */
  handled(): number;
}

interface Setup {
  readonly plugin?: Partial<SecurityPluginOptions>;
  readonly monitor?: Partial<SecurityMonitorOptions>;
  readonly server?: FastifyServerOptions;
}

async function startApp({ plugin, monitor, server }: Setup = {}): Promise<Guarded> {
  const watch = createWatch(monitor);
  const app = Fastify(server);
  onTestFinished(() => app.close());
  let handled = 0;
  await app.register(securityPlugin, { monitor: watch.monitor, ...plugin });
  app.addHook('preHandler', async () => {
    handled++;
  });
  app.post('/sign-in', async (request, reply) => {
    const { account, password } = request.body as { account: string; password: string };
    if (password === 'right') {
      await request.securityMonitor.authSuccess({ account });
      return { ok: true };
    }
    await request.securityMonitor.authFailure({ account, reason: 'wrong_password' });
    return reply.code(401).send({ ok: false });
  });
  app.post('/notes/:id', async () => ({ ok: true }));
  app.get('/files/*', async () => ({ ok: true }));
  app.get('/status/:code', async (request, reply) =>
    reply.code(Number((request.params as { code: string }).code)).send({}),
  );
  const schema = { body: { type: 'object', properties: { name: { type: 'string', maxLength: 3 } } } };
  app.post('/strict', { schema }, async () => ({ ok: true }));
  app.get('/admin', async (request, reply) => {
    request.securityMonitor.privilegeEscalation({ userId: 'anna', details: { role: 'admin' } });
    return reply.code(403).send({});
  });
  return { ...watch, app, handled: () => handled };
}

describe('an app with the plugin', () => {
  it('answers 403 to a blocked address, with when to come again, before anything else runs', async () => {
    const { app, monitor, handled, linesOf, pass } = await startApp();
    await monitor.block('127.0.0.1', 90_500, 'by hand');
    const answer = await app.inject({ method: 'POST', url: '/notes/1', payload: { note: ATTACK } });
    expect(answer.statusCode).toBe(403);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.headers['retry-after']).toBe('91');
    expect(answer.json()).toMatchObject({ status: 403, title: 'Forbidden' });
    expect(handled()).toBe(0);
    expect(linesOf('suspicious_ip_access')).toHaveLength(1);
    expect(linesOf('unauthorized_access')).toHaveLength(0);
    expect(linesOf('sql_injection_attempt')).toHaveLength(0);
    pass(90_500);
    expect((await app.inject({ method: 'POST', url: '/notes/1', payload: {} })).statusCode).toBe(200);
  });

  it('blocks by the address that Fastify finds behind its proxies', async () => {
    const { app, monitor } = await startApp({ server: { trustProxy: '127.0.0.1' } });
    await monitor.block('203.0.113.9', 1_000, 'by hand');
    const from = (address: string) =>
      app.inject({ url: '/status/200', headers: { 'x-forwarded-for': address } });
    expect((await from('203.0.113.9')).statusCode).toBe(403);
    expect((await from('203.0.113.8')).statusCode).toBe(200);
    const direct = await startApp();
    await direct.monitor.block('203.0.113.9', 1_000, 'by hand');
    const forged = { url: '/status/200', headers: { 'x-forwarded-for': '203.0.113.9' } };
    expect((await direct.app.inject(forged)).statusCode).toBe(200);
  });

  it('logs and counts what is suspicious by its kind, and serves it', async () => {
    const { app, linesOf, counted, text } = await startApp();
    const post = (url: string, payload: object) => app.inject({ method: 'POST', url, payload });
    const answers = [
      await post('/notes/1', { note: { text: ATTACK } }),
      await post(`/notes/1?sort=${encodeURIComponent('<script>alert(1)</script>')}`, {}),
      await post(`/notes/${encodeURIComponent('; cat /etc/passwd')}`, {}),
    ];
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200]);
    expect(linesOf('sql_injection_attempt')[0]).toMatchObject({
      severity: 'high',
      details: { method: 'POST', endpoint: '/notes/:id', kind: 'sql_injection', where: 'body.note.text' },
    });
    expect(linesOf('xss_attempt')[0]).toMatchObject({ details: { where: 'query.sort' } });
    expect(linesOf('data_breach_attempt')[0]).toMatchObject({
      details: { kind: 'command_injection', where: 'params.id' },
    });
    expect(await counted('security_events_total')).toBe(3);
    expect(text()).not.toMatch(/'1'='1|alert\(|passwd/);
  });

  it('takes no notice of what people write', async () => {
    const { app, lines } = await startApp({ plugin: { refuse: true, refuseScore: 5 } });
    const notes = [
      'select a table',
      'cat',
      "O'Reilly",
      'drop the ball; then update the score',
      '1=1 as we say',
    ];
    for (const note of notes) {
      const answer = await app.inject({ method: 'POST', url: '/notes/1', payload: { note, [note]: 1 } });
      expect(answer.statusCode, note).toBe(200);
    }
    expect(lines()).toEqual([]);
  });

  it('refuses what is suspicious beyond doubt, where that was asked for', async () => {
    const { app, handled } = await startApp({ plugin: { refuse: true } });
    const post = (payload: object) => app.inject({ method: 'POST', url: '/notes/1', payload });
    const refused = await post({ note: UNION });
    expect(refused.statusCode).toBe(400);
    expect(refused.headers['content-type']).toContain('application/problem+json');
    expect(refused.json()).toMatchObject({
      status: 400,
      detail: 'body.note: expected a value that does not look like an attack',
    });
    expect(handled()).toBe(0);
    expect((await post({ note: ATTACK })).statusCode).toBe(200);
    // A password may be anything.
    expect((await post({ password: UNION })).statusCode).toBe(200);
  });

  it('sees what is no valid request', async () => {
    const { app, linesOf } = await startApp();
    const answer = await app.inject({ method: 'POST', url: '/strict', payload: { name: ATTACK } });
    expect(answer.statusCode).toBe(400);
    expect(linesOf('sql_injection_attempt')).toHaveLength(1);
  });

  it('sees those who look for what was left lying about, and not what routes serve', async () => {
    const { app, linesOf, lines } = await startApp();
    expect((await app.inject('/files/photo.jpg')).statusCode).toBe(200);
    expect((await app.inject('/nothing/here')).statusCode).toBe(404);
    expect(lines()).toEqual([]);
    expect((await app.inject('/.env')).statusCode).toBe(404);
    expect((await app.inject('/wp-login.php?user=admin')).statusCode).toBe(404);
    await app.inject('/files/..%2f..%2f..%2fetc/passwd');
    expect(linesOf('data_breach_attempt').map((line) => line['details'])).toMatchObject([
      { kind: 'data_probe', endpoint: '/.env' },
      { kind: 'data_probe', endpoint: '/wp-login.php' },
      { kind: 'path_traversal', endpoint: '/files/*' },
    ]);
  });

  it('counts wrong sign-ins, raises brute force once, and says nothing more of their 401', async () => {
    const { app, counted, linesOf, text } = await startApp();
    for (let count = 0; count < 20; count++) {
      const payload = { account: 'anna', password: 'wrong-hunter2' };
      expect((await app.inject({ method: 'POST', url: '/sign-in', payload })).statusCode).toBe(401);
    }
    expect(await counted('auth_failures_total', { reason: 'wrong_password' })).toBe(20);
    expect(linesOf('brute_force_detected')).toHaveLength(1);
    expect(await counted('security_events_total')).toBe(21);
    expect(text()).not.toMatch(/hunter2|127\.0\.0\.1|"anna"/);
  });

  it('forgets the account’s wrong sign-ins with a right one', async () => {
    const { app, linesOf } = await startApp({
      monitor: { bruteForce: { attempts: 100, accountAttempts: 3 } },
    });
    for (let count = 0; count < 12; count++) {
      const password = count % 3 === 2 ? 'right' : 'wrong';
      await app.inject({ method: 'POST', url: '/sign-in', payload: { account: 'anna', password } });
    }
    expect(linesOf('auth_failure')).toHaveLength(8);
    expect(linesOf('brute_force_detected')).toHaveLength(0);
  });

  it('locks out who is brute force, where that was asked for', async () => {
    const { app, counted } = await startApp({ monitor: { blocking: true } });
    const statuses = [];
    for (let count = 0; count < 8; count++) {
      const payload = { account: 'anna', password: 'wrong' };
      statuses.push((await app.inject({ method: 'POST', url: '/sign-in', payload })).statusCode);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 403, 403, 403]);
    expect(await counted('auth_failures_total')).toBe(5);
  });

  it('counts 403 and 429, and no answer that a route has told of already', async () => {
    const told: unknown[] = [];
    const { app, linesOf } = await startApp({ monitor: { onCritical: (record) => told.push(record) } });
    for (const code of [200, 401, 403, 404, 429, 500]) await app.inject(`/status/${code}`);
    expect(linesOf('unauthorized_access')).toMatchObject([{ details: { endpoint: '/status/:code' } }]);
    expect(linesOf('rate_limit_exceeded')).toMatchObject([{ severity: 'low' }]);
    await app.inject('/admin');
    expect(linesOf('unauthorized_access')).toHaveLength(1);
    expect(told).toMatchObject([
      { event_type: 'privilege_escalation', details: { role: 'admin', endpoint: '/admin' } },
    ]);
  });

  it('says who is signed in by a hash alone', async () => {
    const { app, linesOf, text } = await startApp({ plugin: { userOf: () => 'anna' } });
    await app.inject('/status/403');
    expect(linesOf('unauthorized_access')[0]).toMatchObject({
      user_hash: expect.stringMatching(/^[\da-f]{16}$/),
    });
    expect(text()).not.toContain('anna');
  });

  it('looks at nothing where that was not wanted', async () => {
    const { app, lines } = await startApp({ plugin: { inspect: false } });
    await app.inject({ method: 'POST', url: '/notes/1', payload: { note: ATTACK } });
    await app.inject('/.env');
    expect(lines()).toEqual([]);
  });
});
