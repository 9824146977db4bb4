import { describe, expect, it } from 'vitest';
import { createWatch, SECRET } from '../../fixtures/security';
import { createAppMetrics } from '../metrics/appMetrics';
import { SecurityEventType, usualSeverity } from './securityEvent';
import { createSecurityMonitor } from './securityMonitor';
import { createMemoryStore } from './store/memoryStore';

const MINUTE = 60_000;
const attempt = { address: '192.0.2.7', account: 'anna', reason: 'wrong_password' };

/** A store of which nothing works. */
const brokenStore = new Proxy(createMemoryStore(), {
  get: () => () => {
    throw new Error('the store is broken');
  },
});

describe('what has not happened yet', () => {
  it('is shown with 0 where the metrics can: each kind of event, and each reason that the app names', async () => {
    const metrics = createAppMetrics({ service: 'game-service', processMetrics: false });
    createWatch({ metrics, failureReasons: ['wrong_password', 'expired'] });
    const { body } = await metrics.expose();
    for (const type of Object.values(SecurityEventType)) {
      const labels = `event_type="${type}",severity="${usualSeverity[type]}",service="game-service"`;
      expect(body).toContain(`security_events_total{${labels}} 0\n`);
    }
    expect(body.match(/^auth_failures_total\{reason="(?:wrong_password|expired)",.*\} 0$/gm)).toHaveLength(2);
  });
});

describe('a security event', () => {
  it('of each of the ten kinds is a line and a count', async () => {
    const { monitor, lines, counted } = createWatch();
    const types = Object.values(SecurityEventType);
    expect(types).toHaveLength(10);
    for (const type of types) monitor.logSecurityEvent({ type, address: '192.0.2.7' });
    expect(lines().map((line) => line['event_type'])).toEqual(types);
    for (const type of types) {
      const labels = { event_type: type, severity: usualSeverity[type], service: 'game-service' };
      expect(await counted('security_events_total', labels), type).toBe(1);
    }
    expect(lines()[0]).toMatchObject({
      msg: 'Security event detected',
      category: 'security',
      severity: 'medium',
      service: 'game-service',
    });
  });

  it('says nothing of who it was, nor of what is secret', () => {
    const { monitor, lines, text } = createWatch();
    monitor.logSecurityEvent({
      type: 'unauthorized_access',
      address: '192.0.2.7',
      userId: 'anna@example.com',
      userAgent: `Mozilla/5.0\r\n\u202eforged ${'x'.repeat(500)} Bearer abcdefghijklmnopqrst`,
      details: {
        password: 'hunter2',
        url: 'https://game.example/session?token=abcdef',
        note: 'line\nbreak',
        deep: { token: 'abcdef' },
        category: 'other',
      },
    });
    const [line] = lines();
    expect(line).toMatchObject({
      address_hash: expect.stringMatching(/^[\da-f]{16}$/),
      user_hash: expect.stringMatching(/^[\da-f]{16}$/),
      category: 'security',
      details: { password: '[Filtered]', url: 'https://game.example/session', note: 'line break' },
    });
    expect(String(line?.['user_agent']).length).toBeLessThanOrEqual(200);
    expect(String(line?.['user_agent'])).toMatch(/^Mozilla\/5\.0 forged x/);
    expect(text()).not.toMatch(/192\.0\.2\.7|anna|hunter2|abcdef|\u202e/);
  });

  it('is bounded, however much it is told', () => {
    const { monitor, text } = createWatch();
    const details = Object.fromEntries(
      Array.from({ length: 1_000 }, (_, at) => [`field${at}`, 'x'.repeat(10_000)]),
    );
    monitor.logSecurityEvent({ type: 'suspicious_ip_access', details });
    expect(text().length).toBeLessThan(4_000);
  });

  it('hashes a household’s IPv6 addresses alike, and under another secret otherwise', () => {
    const one = createWatch();
    const other = createWatch({ secret: `other ${SECRET}` });
    const hashOf = ({ monitor }: typeof one, address: string) =>
      monitor.logSecurityEvent({ type: 'suspicious_ip_access', address }).address_hash;
    expect(hashOf(one, '2001:db8::1')).toBe(hashOf(one, '2001:db8::2:1'));
    expect(hashOf(one, '2001:db8::1')).not.toBe(hashOf(one, '2001:db8:0:1::1'));
    expect(hashOf(one, '2001:db8::1')).not.toBe(hashOf(other, '2001:db8::1'));
  });

  it('that is critical is told of, without what is private, and whoever is told may fail', async () => {
    const told: unknown[] = [];
    const { monitor, lines } = createWatch({
      onCritical: async (record) => {
        told.push(record);
        throw new Error('Sentry is away');
      },
    });
    monitor.logSecurityEvent({ type: 'privilege_escalation', address: '192.0.2.7', userId: 'anna' });
    monitor.logSecurityEvent({ type: 'auth_failure', address: '192.0.2.7' });
    monitor.logSecurityEvent({ type: 'auth_failure', severity: 'critical' });
    expect(told).toHaveLength(2);
    expect(JSON.stringify(told)).not.toMatch(/192\.0\.2\.7|anna/);
    await Promise.resolve();
    expect(lines().map((line) => line['msg'])).toContain('onCritical has failed');
  });

  it('is counted each time, and written only so often a minute', async () => {
    const { monitor, linesOf, counted, pass } = createWatch({ linesPerMinute: 10 });
    const flood = { type: 'sql_injection_attempt', address: '192.0.2.7' } as const;
    for (let count = 0; count < 500; count++) monitor.logSecurityEvent(flood);
    monitor.logSecurityEvent({ ...flood, address: '192.0.2.8' });
    expect(linesOf('sql_injection_attempt')).toHaveLength(11);
    pass(MINUTE);
    monitor.logSecurityEvent(flood);
    expect(linesOf('sql_injection_attempt').at(-1)).toMatchObject({ suppressed: 490 });
    expect(await counted('security_events_total')).toBe(502);
  });
});

describe('sign-ins that fail', () => {
  it('are brute force once, with the fifth within a quarter of an hour', async () => {
    const { monitor, linesOf, counted, pass } = createWatch();
    const raised = [];
    for (let count = 1; count <= 20; count++) {
      if ((await monitor.recordFailedAttempt(attempt)).raised.length > 0) raised.push(count);
    }
    expect(raised).toEqual([5]);
    expect(await counted('auth_failures_total', { reason: 'wrong_password' })).toBe(20);
    expect(await counted('security_events_total', { event_type: 'brute_force_detected' })).toBe(1);
    expect(linesOf('brute_force_detected')[0]).toMatchObject({
      severity: 'high',
      details: { by: 'address,account', attempts: 5, window_ms: 900_000, blocked_ms: 0 },
    });
    pass(15 * MINUTE);
    for (let count = 1; count <= 5; count++) await monitor.recordFailedAttempt(attempt);
    expect(linesOf('brute_force_detected')).toHaveLength(2);
  });

  it('are not brute force when they come slowly', async () => {
    const { monitor, linesOf, pass } = createWatch();
    for (let count = 0; count < 40; count++) {
      await monitor.recordFailedAttempt(attempt);
      pass(4 * MINUTE);
    }
    expect(linesOf('brute_force_detected')).toHaveLength(0);
    expect((await monitor.checkBruteForce('192.0.2.7', 'anna')).isBruteForce).toBe(false);
  });

  it('are seen where one address tries many accounts, and many addresses one account', async () => {
    const { monitor, linesOf } = createWatch();
    for (let at = 0; at < 5; at++) {
      await monitor.recordFailedAttempt({ address: '192.0.2.7', account: `account ${at}` });
      await monitor.recordFailedAttempt({ address: `198.51.100.${at}`, account: 'boris' });
    }
    expect(linesOf('brute_force_detected').map((line) => line['details'])).toMatchObject([
      { by: 'address' },
      { by: 'account' },
    ]);
  });

  it('are seen where an IPv6 household changes its address each time', async () => {
    const { monitor } = createWatch();
    const answers = [];
    for (let at = 1; at <= 5; at++) {
      answers.push(await monitor.recordFailedAttempt({ address: `2001:db8::${at}` }));
    }
    expect(answers.at(-1)).toMatchObject({ raised: ['address'], isBruteForce: true });
  });

  it('are forgotten of the account when it signs in, and not of the address', async () => {
    const { monitor } = createWatch();
    for (let count = 0; count < 4; count++) await monitor.recordFailedAttempt(attempt);
    await monitor.recordSuccess(attempt);
    expect(await monitor.checkBruteForce('192.0.2.7', 'anna')).toEqual({
      addressAttempts: 4,
      accountAttempts: 0,
      isBruteForce: false,
    });
    expect((await monitor.recordFailedAttempt(attempt)).raised).toEqual(['address']);
  });

  it('make no more series than there are reasons, and no reason with an id in it one of its own', async () => {
    const { monitor, counted } = createWatch();
    await monitor.recordFailedAttempt({ reason: 'Wrong password' });
    await monitor.recordFailedAttempt({});
    for (let at = 0; at < 100; at++) await monitor.recordFailedAttempt({ reason: `user_${at}` });
    expect(await counted('auth_failures_total', { reason: 'wrong_password' })).toBe(1);
    expect(await counted('auth_failures_total', { reason: 'unspecified' })).toBe(1);
    expect(await counted('auth_failures_total', { reason: 'other' })).toBe(78);
  });

  it('take no memory beyond the bound, whoever sends them', async () => {
    const store = createMemoryStore({ maxEntries: 100, maxBlocks: 10 });
    const { monitor } = createWatch({
      store,
      blocking: true,
      bruteForce: { attempts: 2 },
      linesPerMinute: 1,
    });
    for (let at = 0; at < 500; at++) {
      const one = { address: `2001:db8:${at.toString(16)}::1`, account: `account ${at}` };
      await monitor.recordFailedAttempt(one);
      await monitor.recordFailedAttempt(one);
      await monitor.checkSession({ ...one, sessionId: `session ${at}` });
    }
    expect(store.size).toBeLessThanOrEqual(100 + 100 + 100 + 100 + 10);
  });
});

describe('an address', () => {
  it('is blocked by hand for as long as was told', async () => {
    const { monitor, lines, text, pass } = createWatch();
    await monitor.block('192.0.2.7', 10_000, 'a report');
    expect(await monitor.isBlocked('192.0.2.7')).toBe(true);
    expect(await monitor.isBlocked('::ffff:192.0.2.7')).toBe(true);
    expect(await monitor.isBlocked('192.0.2.8')).toBe(false);
    pass(9_999);
    expect(monitor.blockedForMs('192.0.2.7')).toBe(1);
    pass(1);
    expect(await monitor.isBlocked('192.0.2.7')).toBe(false);
    expect(lines()[0]).toMatchObject({ msg: 'An address is blocked', details: { reason: 'a report' } });
    expect(text()).not.toContain('192.0.2.7');
    await monitor.block('192.0.2.7', 10_000, 'again');
    await monitor.unblock('192.0.2.7');
    expect(await monitor.isBlocked('192.0.2.7')).toBe(false);
    await expect(monitor.block('192.0.2.7', Number.NaN, '')).rejects.toThrow('ms: expected a number above 0');
  });

  it('is not blocked by itself unless that was asked for', async () => {
    const { monitor } = createWatch();
    for (let count = 0; count < 20; count++) await monitor.recordFailedAttempt(attempt);
    expect(await monitor.isBlocked('192.0.2.7')).toBe(false);
  });

  it('is blocked for longer each time that it is brute force', async () => {
    const blocking = { firstMs: 1_000, factor: 10, maxMs: 50_000 };
    const { monitor, linesOf, pass } = createWatch({ blocking });
    for (let time = 0; time < 3; time++) {
      for (let count = 0; count < 5; count++) await monitor.recordFailedAttempt(attempt);
      expect(await monitor.isBlocked('192.0.2.7')).toBe(true);
      pass(15 * MINUTE);
      expect(await monitor.isBlocked('192.0.2.7')).toBe(false);
    }
    const blocked = linesOf('brute_force_detected').map((line) => line['details']);
    expect(blocked).toMatchObject([{ blocked_ms: 1_000 }, { blocked_ms: 10_000 }, { blocked_ms: 50_000 }]);
  });

  it('is not blocked for what others do to its account', async () => {
    const { monitor } = createWatch({ blocking: true });
    for (let at = 0; at < 5; at++) {
      await monitor.recordFailedAttempt({ address: `198.51.100.${at}`, account: 'anna' });
    }
    expect((await monitor.checkBruteForce(undefined, 'anna')).isBruteForce).toBe(true);
    for (let at = 0; at < 5; at++) expect(await monitor.isBlocked(`198.51.100.${at}`)).toBe(false);
  });

  it('of the allow-list is never blocked, and its accounts are watched all the same', async () => {
    const { monitor, lines } = createWatch({ blocking: true, allow: ['10.0.0.0/8'] });
    for (let count = 0; count < 9; count++) {
      await monitor.recordFailedAttempt({ address: '10.1.2.3', account: `account ${count % 2}` });
    }
    await monitor.block('10.1.2.3', 1_000, 'by mistake');
    expect(await monitor.isBlocked('10.1.2.3')).toBe(false);
    expect(lines().at(-1)).toMatchObject({ msg: 'An address of the allow-list is not blocked' });
    expect((await monitor.checkBruteForce('10.1.2.3', 'account 0')).accountAttempts).toBe(5);
  });
});

describe('a session', () => {
  const own = { sessionId: 's1', account: 'anna', address: '192.0.2.7', userAgent: 'A' };

  it('may move to another network or another browser, one at a time', async () => {
    const { monitor, linesOf } = createWatch();
    expect(await monitor.checkSession(own)).toBe(false);
    expect(await monitor.checkSession({ ...own, address: '198.51.100.1' })).toBe(false);
    expect(await monitor.checkSession({ ...own, address: '198.51.100.1', userAgent: 'B' })).toBe(false);
    expect(linesOf('session_hijack_attempt')).toHaveLength(0);
  });

  it('is hijacked where both change at once, which is told once', async () => {
    const told: unknown[] = [];
    const { monitor, text } = createWatch({ onCritical: (record) => told.push(record) });
    await monitor.checkSession(own);
    const thief = { ...own, address: '203.0.113.9', userAgent: 'B' };
    expect(await monitor.checkSession(thief)).toBe(true);
    expect(await monitor.checkSession(thief)).toBe(true);
    expect(await monitor.checkSession(own)).toBe(false);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({ event_type: 'session_hijack_attempt', severity: 'critical' });
    expect(text()).not.toMatch(/"s1"|203\.0\.113/);
  });

  it('is forgotten a day later', async () => {
    const { monitor, pass } = createWatch();
    await monitor.checkSession(own);
    pass(24 * 60 * MINUTE);
    expect(await monitor.checkSession({ ...own, address: '203.0.113.9', userAgent: 'B' })).toBe(false);
  });
});

describe('a monitor', () => {
  it('fails nobody’s sign-in because its store fails, and says so once', async () => {
    const { monitor, lines, counted } = createWatch({ store: brokenStore, blocking: true });
    expect(await monitor.recordFailedAttempt(attempt)).toMatchObject({ isBruteForce: false, raised: [] });
    await monitor.recordSuccess(attempt);
    expect(await monitor.isBlocked('192.0.2.7')).toBe(false);
    await monitor.block('192.0.2.7', 1_000, 'by hand');
    expect(await monitor.checkSession({ ...attempt, sessionId: 's1' })).toBe(false);
    expect(await counted('auth_failures_total')).toBe(1);
    expect(lines().filter((line) => line['msg'] === 'The security store has failed')).toHaveLength(1);
  });

  it.each([
    [{ secret: 'short' }, 'secret: expected at least 32 bytes, got 5'],
    [{ bruteForce: { attempts: 0 } }, 'bruteForce.attempts: expected a whole number above 0, got 0'],
    [{ bruteForce: { windowMs: 1.5 } }, 'bruteForce.windowMs: expected a whole number above 0, got 1.5'],
    [{ blocking: { factor: 0.5 } }, 'blocking.factor: expected a number from 1 on, got 0.5'],
    [{ allow: ['office'] }, 'allow[0]: expected an address or a network'],
    [{ linesPerMinute: 0 }, 'linesPerMinute: expected a number from 1 on, got 0'],
    [{ sessionMs: -1 }, 'sessionMs: expected a whole number above 0, got -1'],
  ])('names the option that is wrong: %j', (options, message) => {
    const { logger } = createWatch();
    expect(() => createSecurityMonitor({ service: 's', secret: SECRET, logger, ...options })).toThrow(
      message,
    );
  });
});
