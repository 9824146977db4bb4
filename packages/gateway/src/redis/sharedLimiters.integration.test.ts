import { until } from '@artel/test-support/programs/waitUntil';
import { ofTest } from '@artel/test-support/servers/ofTest';
import { type RunningRedis, startRedis, withoutRedis } from '@artel/test-support/servers/redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileOf, startGateway } from '../../fixtures/gateway';

function envOf(
  redis: RunningRedis,
  limits: string,
  prefix = 'artel:',
  secret = 's'.repeat(32),
  timeoutMs = 2_000,
): Record<string, string> {
  const shared = `redis: { url: '${redis.url}', prefix: '${prefix}', timeoutMs: ${timeoutMs} }`;
  const yaml = `${shared}\nlimits: { requestsPerSecond: ${limits} }\n`;
  return { GATEWAY_CONFIG: fileOf(yaml), ...(secret === '' ? {} : { GATEWAY_SECRET: secret }) };
}

let seq = 0;
const shot = (producer?: string) => ({
  ...(producer === undefined ? {} : { producer, seq: ++seq }),
  metrics: [{ name: 'shots' }],
});

describe.skipIf(withoutRedis)('rate limits in Redis', () => {
  let redis: RunningRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis?.close());

  it.each([
    ['key', '{ key: 2 }', 's'.repeat(32)],
    ['anonymous', '{ anonymous: 2 }', 's'.repeat(32)],
    ['producer', '{ producer: 2 }', 's'.repeat(32)],
    ['address', '{ address: 2 }', ''],
  ])('hold by %s over all gateways together', async (scope, limits, secret) => {
    const env = envOf(redis, limits, `${scope}:`, secret);
    const gateways = await Promise.all([startGateway(env), startGateway(env), startGateway(env)]);
    const answers = [];
    for (let at = 0; at < 30; at++) answers.push(await gateways[at % 3]?.post(shot('p')));
    const refused = answers.filter((answer) => answer?.status === 429);
    expect(answers.filter((answer) => answer?.status === 202)).toHaveLength(20);
    expect(refused).toHaveLength(10);
    for (const answer of refused) {
      expect(answer?.body).toMatchObject({ scope });
      expect(Number(answer?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    }
    // Nobody's address, and no producer's name, is in Redis in clear.
    const keys = String(await redis.command('KEYS', `${scope}:rate:*`));
    expect(keys).toContain(`${scope}:rate:${scope}:`);
    expect(keys).not.toMatch(/127\.0\.0\.1|:p(?:,|$)/);
  });

  it('hold over each gateway by itself while Redis is away, and together when it is back', async () => {
    const own = await ofTest(startRedis());
    const env = envOf(own, '{ key: 1 }', undefined, undefined, 800);
    const [a, b] = await Promise.all([startGateway(env), startGateway(env)]);
    const taken = async (count: number): Promise<number> => {
      let answered = 0;
      for (let at = 0; at < count; at++) {
        for (const gateway of [a, b]) if ((await gateway.post(shot())).status === 202) answered++;
      }
      return answered;
    };
    own.signal('SIGSTOP');
    // The first to ask waits for the timeout, the others do not.
    expect(await taken(15)).toBe(20);
    expect(await a.sample('artel_gateway_rate_limits_local_total')).toBeGreaterThanOrEqual(15);
    expect(await a.sample('artel_gateway_rate_limited_total{scope="key",tenant="default"}')).toBe(5);
    own.signal('SIGCONT');
    for (const gateway of [a, b])
      await until(async () => (await gateway.get('/health/ready')).status === 200);
    // The hung Redis may have run what it could not answer.
    expect(await taken(10)).toBeLessThanOrEqual(10);
  });
});
