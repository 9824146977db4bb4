import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createOtlpFake, type OtlpFake } from '@artel/test-support/fakes/otlp';
import { sumSamples } from '@artel/test-support/programs/exposition';
import { startApps } from '@artel/test-support/servers/demo';
import { startPostgres, withoutPostgres } from '@artel/test-support/servers/postgres';
import { startRabbitMq, withoutRabbitMq } from '@artel/test-support/servers/rabbitMq';
import { startRedis, withoutRedis } from '@artel/test-support/servers/redis';
import type { RunningServer } from '@artel/test-support/servers/runningServer';
import { test as base, expect, withoutBrowser } from './base';
import { potBalls, startGame } from './playGame';
import { type Recorder, startRecorder } from './privacy/recorder';

interface Traced {
  readonly app: string;
  readonly game: string;
  readonly service: RunningServer;
  readonly serviceSink: OtlpFake;
  readonly gatewaySink: Recorder;
}

/** The demo with its real servers behind it, and every span of it caught. */
const test = base.extend<{ readonly traced: Traced }>({
  traced: async ({ folder }, use) => {
    const servers = await Promise.all([startPostgres(), startRedis(), startRabbitMq()]);
    const [postgres, redis, rabbit] = servers;
    const [serviceSink, gatewaySink] = await Promise.all([createOtlpFake(), startRecorder('OTLP', 200)]);
    const config = join(folder, 'gateway.yaml');
    const otlp = { kind: 'otlp', url: gatewaySink.url, signals: ['traces'], batch: { waitSeconds: 0 } };
    writeFileSync(config, JSON.stringify({ outputs: { otlp } }));
    const apps = await startApps({
      gateway: { env: { GATEWAY_CONFIG: config } },
      game: {
        env: {
          GAME_STORAGE: 'database',
          DATABASE_URL: postgres.url,
          REDIS_URL: redis.url,
          AMQP_URL: rabbit.url,
          OTEL_EXPORTER_OTLP_ENDPOINT: serviceSink.url,
          OTEL_TRACES_SAMPLER_ARG: '1',
        },
      },
    });
    await use({
      app: apps.app.url,
      game: apps.game.url,
      service: apps.game,
      serviceSink,
      gatewaySink,
    });
    await apps.close();
    await Promise.all([serviceSink.kill(), gatewaySink.close()]);
    await Promise.all(servers.map((server) => server.close()));
  },
});

test.skip(...withoutBrowser);
test.skip(withoutPostgres || withoutRedis || withoutRabbitMq, 'needs PostgreSQL, Redis and RabbitMQ');

/** What the gateway has sent on, unpacked. */
function sent({ caught }: Recorder): Buffer {
  const bodies = caught.map(({ bytes }) => {
    const packed = bytes.indexOf(Buffer.from([0x1f, 0x8b, 8]));
    return packed < 0 ? bytes : gunzipSync(bytes.subarray(packed));
  });
  return Buffer.concat(bodies);
}

test('one tap is one trace from the browser through HTTP, SQL and the queue to the figures', async ({
  page,
  traced,
}) => {
  const { app, game, service, serviceSink, gatewaySink } = traced;
  await expect.poll(async () => (await fetch(`${game}/health/ready`)).status).toBe(200);
  await startGame(page, app);
  const asked = page.waitForRequest(/\/api\/game\/sessions\/\d+\/pot$/);
  await potBalls(page, 1, 1);
  const { traceparent = '' } = (await asked).headers();
  const [, traceId = '', browserSpan = ''] = traceparent.split('-');
  expect(traceId).toMatch(/^[\da-f]{32}$/);
  // Of the page's own span the gateway tells, in protobuf.
  for (const part of [Buffer.from(traceId, 'hex'), Buffer.from(browserSpan, 'hex'), Buffer.from('game.pot')])
    await expect.poll(() => sent(gatewaySink).includes(part)).toBe(true);
  const spans = () => serviceSink.spans.filter((span) => span.traceId === traceId);
  // The consumer's own span ends last, behind what it asked of the database.
  await expect.poll(() => spans().map(({ name }) => name)).toContain('process game.stats');

  const all = spans();
  const [served] = all.filter(({ name }) => name === 'POST /api/game/sessions/:id/pot');
  expect(served?.parentSpanId).toBe(browserSpan);
  const known = new Set(all.map(({ spanId }) => spanId));
  for (const span of all) if (span !== served) expect(known, span.name).toContain(span.parentSpanId);
  const names = all.map(({ name }) => name);
  for (const name of [
    ...['SELECT game_sessions', 'UPDATE game_sessions', 'INSERT game_events', 'INSERT outbox', 'COMMIT'],
    ...['game.score_calculation', 'publish game.events', 'process game.stats', 'INSERT game_stats'],
  ])
    expect(names).toContain(name);
  const parentOf = (name: string) => {
    const child = all.find((span) => span.name === name);
    return all.find(({ spanId }) => spanId === child?.parentSpanId)?.name;
  };
  expect(parentOf('publish game.events')).toBe('POST /api/game/sessions/:id/pot');
  expect(parentOf('process game.stats')).toBe('publish game.events');
  expect(parentOf('INSERT game_stats')).toBe('process game.stats');
  expect([...serviceSink.faults, serviceSink.duplicates]).toEqual([0]);

  const lines = () =>
    service
      .output()
      .split('\n')
      .flatMap((line): Record<string, unknown>[] => {
        if (!line.startsWith('{') || !line.endsWith('}')) return [];
        const fields: Record<string, unknown> = JSON.parse(line);
        return fields['trace_id'] === traceId ? [fields] : [];
      });
  const messages = () => lines().map(({ message }) => String(message));
  await expect
    .poll(() => messages().sort())
    .toEqual([
      'Game event counted',
      'Game event occurred',
      'Game event published',
      'Request completed',
      'Request started',
    ]);
  const requestIds = new Set(lines().map((line) => line['request_id']));
  expect(requestIds.size).toBe(1);
  expect([...requestIds][0]).toEqual(served?.attributes['request_id']);

  const { sessions } = (await (await fetch(`${game}/api/game/sessions`)).json()) as {
    sessions: { id: number }[];
  };
  expect((await fetch(`${game}/api/game/sessions/${sessions[0]?.id}`)).status).toBe(200);
  const exposition = await (await fetch(`${game}/metrics`)).text();
  const counted = (name: string, labels?: Readonly<Record<string, string>>) =>
    sumSamples(exposition, name, labels);
  const pot = { method: 'POST', endpoint: '/api/game/sessions/:id/pot' };
  expect(counted('http_requests_total', { ...pot, status_code: '200' })).toBe(1);
  expect(counted('http_request_duration_seconds_count', pot)).toBe(1);
  expect(counted('game_events_total', { event_type: 'ball_potted', game_type: 'kolkhoz' })).toBe(1);
  expect(counted('user_actions_total', { action_type: 'pot_ball' })).toBe(1);
  expect(counted('active_game_sessions_total', { game_type: 'kolkhoz' })).toBe(1);
  expect(counted('db_query_duration_seconds_count', { query_type: 'UPDATE', table: 'game_sessions' })).toBe(
    1,
  );
  expect(counted('db_connections_max')).toBe(10);
  expect(counted('cache_hits_total', { cache_type: 'session' })).toBe(1);
  expect(counted('amqp_messages_total', { direction: 'published', queue: 'game.events' })).toBe(2);
  expect(counted('amqp_messages_total', { direction: 'consumed', queue: 'game.stats' })).toBe(2);
  expect(counted('health_check_status', { check: 'postgresql' })).toBe(1);
  expect(counted('memory_usage_bytes')).toBeGreaterThan(0);
});
