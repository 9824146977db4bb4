import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Sink, startSink } from '@artel/test-support/fakes/sink';
import { isMissing } from '@artel/test-support/programs/findProgram';
import { freePort } from '@artel/test-support/programs/port';
import { startAlertmanager } from '@artel/test-support/servers/alertmanager';
import { startCertificate } from '@artel/test-support/servers/certificate';
import { startGame, startGateway } from '@artel/test-support/servers/demo';
import {
  startNodeExporter,
  startPostgresExporter,
  startRedisExporter,
} from '@artel/test-support/servers/exporters';
import { startPostgres } from '@artel/test-support/servers/postgres';
import { startPrometheus } from '@artel/test-support/servers/prometheus';
import { startRabbitMq } from '@artel/test-support/servers/rabbitMq';
import { startRedis } from '@artel/test-support/servers/redis';
import { stringify } from 'yaml';
import { type DemoTarget, scrapedPages, scrapeTarget } from './demoTarget';
import { type Billing, startBilling } from './startBilling';

/** The demo with all that watches it, on ports of its own. */
export interface Demo {
  readonly prometheus: string;
  /** A gateway as `npm start` runs it, without tenants; and one with the tenant `tenant`, as in production. */
  readonly gateways: { readonly plain: string; readonly tenanted: string };
  readonly tenant: { readonly app: string; readonly environment: string; readonly key: string };
  readonly game: string;
  readonly billing: Billing;
  /** What the gateway and the game service send on. */
  readonly sink: Pick<Sink, 'logs' | 'attributes'>;
  /** Where each job's programs answer `/metrics`, by job. */
  readonly scraped: ReadonlyMap<string, readonly string[]>;
  close(): Promise<void>;
}

/** A token of no bot; launches that are signed with it are genuine to the demo. */
export const BOT_TOKEN = `7000000001:${'demo-token-'.repeat(3)}x`;

const tenant = { app: 'artel-billiards', environment: 'production', key: 'pk_demo_artel' };

/** Whether a program is missing that the demo needs, and its tests are to be skipped. In CI they fail. */
export const withoutDemo: boolean = isMissing(
  ...(['postgres', 'rabbitMq', 'redis', 'prometheus', 'promtool', 'alertmanager'] as const),
  ...(['nodeExporter', 'postgresExporter', 'blackboxExporter', 'redisExporter'] as const),
);

function hostOf(url: string): string {
  return new URL(url).host;
}

/** Starts everything, what needs nobody first and all of that at once. Whatever was started is ended if a part fails. */
export async function startDemo(): Promise<Demo> {
  const folder = mkdtempSync(join(tmpdir(), 'artel-demo-'));
  const started: { close(): Promise<unknown> }[] = [];
  let isClosed = false;
  const kept = async <Part extends { close(): Promise<unknown> }>(starting: Promise<Part>): Promise<Part> => {
    const part = await starting;
    // Another part may have failed in the meantime.
    if (isClosed) await part.close();
    else started.push(part);
    return part;
  };
  const close = async () => {
    isClosed = true;
    await Promise.all(started.splice(0).map((part) => part.close()));
    rmSync(folder, { recursive: true, force: true });
  };

  const startAll = async (): Promise<Demo> => {
    const brokerMetrics = await freePort();
    const [postgres, redis, rabbitMq, sink, billing, node, alertmanager, certificate] = await Promise.all([
      kept(startPostgres()),
      kept(startRedis()),
      kept(
        startRabbitMq({
          plugins: ['rabbitmq_prometheus'],
          settings: [`prometheus.tcp.port = ${brokerMetrics}`, 'prometheus.tcp.ip = 127.0.0.1'],
        }),
      ),
      kept(startSink()),
      kept(startBilling()),
      kept(startNodeExporter()),
      kept(startAlertmanager()),
      kept(startCertificate()),
    ]);

    const tenants = join(folder, 'gateway.yml');
    const secure = { telegram: { botToken: BOT_TOKEN }, sentryDsns: [`http://public@${hostOf(sink.url)}/1`] };
    writeFileSync(
      tenants,
      stringify({
        store: { maxBytes: '256 MiB' },
        tenants: [{ ...tenant, ...secure }],
        outputs: {
          loki: { kind: 'loki', url: sink.url },
          tempo: { kind: 'otlp', url: sink.url, signals: ['traces'] },
        },
      }),
    );
    const [plain, tenanted, game, postgresExporter, redisExporter] = await Promise.all([
      kept(startGateway()),
      kept(
        startGateway({
          env: { GATEWAY_CONFIG: tenants, REDIS_URL: redis.url, REDIS_PREFIX: 'gateway:' },
        }),
      ),
      kept(
        startGame({
          env: {
            GAME_STORAGE: 'database',
            DATABASE_URL: postgres.url,
            REDIS_URL: redis.url,
            AMQP_URL: rabbitMq.url,
            TELEGRAM_BOT_TOKEN: BOT_TOKEN,
            OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
            OTEL_TRACES_SAMPLER_ARG: '1',
            LOG_LEVEL: 'fatal',
          },
        }),
      ),
      kept(startPostgresExporter(postgres.url)),
      kept(startRedisExporter(redis.url)),
    ]);

    const broker = `http://127.0.0.1:${brokerMetrics}`;
    const here = (job: string, url: string, service = job): DemoTarget => ({
      job,
      url,
      service,
      environment: 'development',
    });
    const targets: readonly DemoTarget[] = [
      here('artel-gateway', plain.url, 'gateway'),
      { ...here('artel-gateway', tenanted.url, 'gateway'), environment: 'production' },
      here('artel-game-service', game.url, 'game-service'),
      here('artel-game-service', `http://127.0.0.1:${billing.port}`, 'billing-service'),
      here('alertmanager', alertmanager.url),
      here('node', node.url),
      here('postgres', postgresExporter.url),
      here('redis', redisExporter.url),
      here('rabbitmq', broker),
      {
        ...here('rabbitmq-queues', broker, 'rabbitmq'),
        path: '/metrics/detailed?family=queue_coarse_metrics&family=queue_consumer_count',
      },
      {
        ...here('certificates', certificate.url, 'mini-app'),
        path: `/probe?module=tls_connect&target=${certificate.target}`,
        labels: { __param_target: certificate.target },
      },
    ];
    const prometheus = await kept(startPrometheus({ repository: { targets: targets.map(scrapeTarget) } }));
    return {
      prometheus: prometheus.url,
      gateways: { plain: plain.url, tenanted: tenanted.url },
      tenant,
      game: game.url,
      billing,
      sink,
      scraped: scrapedPages([...targets, here('prometheus', prometheus.url)]),
      close,
    };
  };

  return startAll().catch(async (error: unknown) => {
    await close();
    throw error;
  });
}
