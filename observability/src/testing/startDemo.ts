import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { freePort, type RunningServer } from '../../../packages/service/src/testing/serverProcess';
import { launchPostgres, withoutPostgres } from '../../../packages/service/src/testing/startPostgres';
import { launchRabbitMq, withoutRabbitMq } from '../../../packages/service/src/testing/startRabbitMq';
import { launchRedis, withoutRedis } from '../../../packages/service/src/testing/startRedis';
import { type Launch, launch } from '../../../scripts/launch';
import { gameService, gatewayService } from '../../../scripts/services';
import { type Billing, startBilling } from './startBilling';
import { stackPrograms, startProgram } from './startProgram';
import { type Sink, startSink } from './startSink';
import { type TargetGroup, writePrometheusFolder } from './writePrometheusFolder';

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

/** What is missing to run the demo with all its servers; nothing where it can be run. In CI it is never skipped. */
export const withoutDemo: boolean =
  !process.env['CI'] &&
  (withoutPostgres ||
    withoutRabbitMq ||
    withoutRedis ||
    Object.values(stackPrograms).some(({ path }) => path === undefined));

function hostOf(url: string): string {
  return new URL(url).host;
}

async function startNode(what: Launch, env: Readonly<Record<string, string>>) {
  const running = await launch({ ...what, env: { ...what.env, ...env }, timeout: 120_000 });
  const url = /listening on (\S+)/.exec(running.output())?.[1];
  if (url === undefined) throw new Error(`${what.name} did not say where it listens`);
  return { url, close: () => running.stop() };
}

/** Starts everything, what needs nobody first and all of that at once. Whatever was started is ended if a part fails. */
export async function startDemo(): Promise<Demo> {
  const folder = mkdtempSync(join(tmpdir(), 'artel-demo-'));
  const started: { close(): Promise<unknown> }[] = [];
  const kept = async <Part extends { close(): Promise<unknown> }>(starting: Promise<Part>): Promise<Part> => {
    const part = await starting;
    started.push(part);
    return part;
  };
  const close = async () => {
    await Promise.all(started.splice(0).map((part) => part.close()));
    rmSync(folder, { recursive: true, force: true });
  };

  const startAll = async (): Promise<Demo> => {
    const brokerMetrics = await freePort();
    const [postgres, redis, rabbitMq, sink, billing, node, alertmanager] = await Promise.all([
      kept(launchPostgres()),
      kept(launchRedis()),
      kept(
        launchRabbitMq({
          plugins: ['rabbitmq_prometheus'],
          settings: [`prometheus.tcp.port = ${brokerMetrics}`, 'prometheus.tcp.ip = 127.0.0.1'],
        }),
      ),
      kept(startSink()),
      kept(startBilling()),
      kept(
        startProgram(stackPrograms.nodeExporter, ({ address }) => [
          `--web.listen-address=${address}`,
          '--web.disable-exporter-metrics',
        ]),
      ),
      kept(startAlertmanager()),
    ]);

    const places = { miniAppPort: 0, gatewayPort: 0, gamePort: 0 };
    const tenants = join(folder, 'gateway.yml');
    const secure = { telegram: { botToken: BOT_TOKEN }, sentryDsns: [`http://public@${hostOf(sink.url)}/1`] };
    writeFileSync(
      tenants,
      stringify({
        tenants: [{ ...tenant, ...secure }],
        outputs: {
          loki: { kind: 'loki', url: sink.url },
          tempo: { kind: 'otlp', url: sink.url, signals: ['traces'] },
        },
      }),
    );
    const gateway = (name: string, env: Readonly<Record<string, string>>) =>
      kept(startNode(gatewayService({ ...places, dataDir: join(folder, name) }), env));
    const exporter = { env: { DATA_SOURCE_NAME: `${postgres.url}?sslmode=disable` } };
    const [plain, tenanted, game, postgresExporter, redisExporter] = await Promise.all([
      gateway('plain', {}),
      gateway('tenanted', { GATEWAY_CONFIG: tenants }),
      kept(
        startNode(gameService({ ...places, dataDir: join(folder, 'game') }), {
          DATABASE_URL: postgres.url,
          REDIS_URL: redis.url,
          AMQP_URL: rabbitMq.url,
          TELEGRAM_BOT_TOKEN: BOT_TOKEN,
          OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
          OTEL_TRACES_SAMPLER_ARG: '1',
          LOG_LEVEL: 'fatal',
        }),
      ),
      kept(
        startProgram(
          stackPrograms.postgresExporter,
          ({ address }) => [`--web.listen-address=${address}`],
          exporter,
        ),
      ),
      kept(
        startProgram(stackPrograms.redisExporter, ({ address }) => [
          `--web.listen-address=${address}`,
          `--redis.addr=${redis.url}`,
        ]),
      ),
    ]);

    const jobs = new Map<string, readonly (readonly [url: string, service: string, environment: string])[]>([
      [
        'artel-gateway',
        [
          [plain.url, 'gateway', 'development'],
          [tenanted.url, 'gateway', 'production'],
        ],
      ],
      [
        'artel-game-service',
        [
          [game.url, 'game-service', 'development'],
          [`http://127.0.0.1:${billing.port}`, 'billing-service', 'development'],
        ],
      ],
      ['alertmanager', [[alertmanager.url, 'alertmanager', 'development']]],
      ['node', [[node.url, 'node', 'development']]],
      ['postgres', [[postgresExporter.url, 'postgres', 'development']]],
      ['redis', [[redisExporter.url, 'redis', 'development']]],
      ['rabbitmq', [[`http://127.0.0.1:${brokerMetrics}`, 'rabbitmq', 'development']]],
    ]);
    const prometheus = await kept(startPrometheus(jobs));
    return {
      prometheus: prometheus.url,
      gateways: { plain: plain.url, tenanted: tenanted.url },
      tenant,
      game: game.url,
      billing,
      sink,
      scraped: new Map([
        ...[...jobs].map(([job, places]) => [job, places.map(([url]) => `${url}/metrics`)] as const),
        ['prometheus', [`${prometheus.url}/metrics`]],
      ]),
      close,
    };
  };

  return startAll().catch(async (error: unknown) => {
    await close();
    throw error;
  });
}

function startAlertmanager(): Promise<RunningServer> {
  return startProgram(
    stackPrograms.alertmanager,
    ({ folder, address }) => {
      const config = join(folder, 'alertmanager.yml');
      writeFileSync(config, stringify({ route: { receiver: 'nobody' }, receivers: [{ name: 'nobody' }] }));
      return [
        `--config.file=${config}`,
        `--storage.path=${join(folder, 'data')}`,
        `--web.listen-address=${address}`,
        '--cluster.listen-address=',
      ];
    },
    { ready: '/-/ready' },
  );
}

function startPrometheus(
  jobs: ReadonlyMap<string, readonly (readonly [url: string, service: string, environment: string])[]>,
): Promise<RunningServer> {
  return startProgram(
    stackPrograms.prometheus,
    ({ folder, address }) => {
      const groups = new Map<string, TargetGroup[]>(
        [...jobs].map(([job, places]) => [
          job,
          places.map(([url, service, environment]) => ({
            targets: [hostOf(url)],
            labels: { service, environment },
          })),
        ]),
      );
      groups.set('prometheus', [
        { targets: [address], labels: { service: 'prometheus', environment: 'development' } },
      ]);
      return [
        `--config.file=${writePrometheusFolder(folder, groups)}`,
        `--storage.tsdb.path=${join(folder, 'tsdb')}`,
        `--web.listen-address=${address}`,
        '--enable-feature=exemplar-storage',
      ];
    },
    { ready: '/-/ready' },
  );
}
