// A file of its own, since Sentry's instruments of a process cannot be taken off again.
import { startNewTrace, startSpan, withIsolationScope, withScope } from '@sentry/node';
import Fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { leaks, planted } from '../../fixtures/lines';
import { sentryForEachTest } from '../../fixtures/sentry';
import { errorCapture } from './errorCapture';

const { sentry, setUp } = sentryForEachTest();

/** The transactions, without those of the fake itself, which is a server of this process too. */
const transactions = () =>
  sentry.transactions.filter(({ transaction }) => !String(transaction).includes('/envelope/'));

const alone = (test: () => Promise<void>) => () => withIsolationScope(() => withScope(test));

describe('a transaction of Sentry', () => {
  const run = (name: string, attributes: Record<string, string> = {}): void =>
    startSpan({ name, op: 'http.server', attributes }, () => startSpan({ name: 'inner' }, () => undefined));

  it('is sent of about the share that is asked for', async () => {
    const { flush } = setUp({ tracesSampleRate: 0.5 });
    for (let index = 0; index < 100; index++) startNewTrace(() => run('GET /games'));
    await flush();
    // Five standard deviations of a binomial of 100 tries.
    expect(transactions().length).toBeGreaterThan(25);
    expect(transactions().length).toBeLessThan(75);
  });

  it('is sent with its spans where that is wanted, scrubbed, and not of what nobody looks at', async () => {
    const { flush } = setUp({ tracesSampleRate: 1 });
    const text = [planted.botToken, planted.jwt, planted.email, planted.bearer].join(' ');
    await alone(async () => {
      run(`GET /games?${planted.initData}`, { text, 'http.request.header.cookie': planted.password });
      for (const name of ['GET /health', 'GET /health/ready', 'GET /metrics', 'GET /static/app.js'])
        run(name);
    })();
    await flush();
    expect(transactions()).toMatchObject([
      {
        transaction: 'GET /games',
        release: 'game-service@1.2.3',
        tags: { service: 'game-service' },
        spans: [{ description: 'inner' }],
      },
    ]);
    expect(leaks(sentry.bodies.join())).toEqual([]);
  });

  it.each([undefined, 0])('is never sent at a tracesSampleRate of %s', async (tracesSampleRate) => {
    const { flush } = setUp(tracesSampleRate === undefined ? {} : { tracesSampleRate });
    await alone(async () => run('GET /games'))();
    await flush();
    expect(transactions()).toEqual([]);
  });

  it('tells of a request by its route, and leaves the error to the plugin, with the route and once', async () => {
    const { flush } = setUp({ tracesSampleRate: 1 });
    const app = Fastify();
    await app.register(errorCapture);
    app.get('/tables/:id', async () => {
      throw new Error('no table');
    });
    app.get('/health', async () => 'ok');
    const address = await app.listen({ port: 0, host: '127.0.0.1' });
    await fetch(`${address}/tables/7?token=${planted.password}`, { headers: { cookie: planted.jwt } });
    await fetch(`${address}/health`);
    await app.close();
    await flush();
    expect(sentry.events).toMatchObject([
      {
        exception: { values: [{ value: 'no table' }] },
        tags: { route: '/tables/:id' },
        transaction: 'GET /tables/:id',
      },
    ]);
    expect(transactions()).toMatchObject([{ transaction: expect.stringContaining('GET /tables/') }]);
    expect(leaks(sentry.bodies.join())).toEqual([]);
  });
});
