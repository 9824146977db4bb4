import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { type Outside, startOutside } from '@artel/test-support/fakes/alerting/startOutside';
import { sumSamples } from '@artel/test-support/programs/exposition';
import { type Program, pathOf } from '@artel/test-support/programs/findProgram';
import { waitUntil } from '@artel/test-support/programs/waitUntil';
import { startAlertmanager } from '@artel/test-support/servers/alertmanager';
import { startGame, startGateway as startServer } from '@artel/test-support/servers/demo';
import { type RunningPrometheus, startPrometheus } from '@artel/test-support/servers/prometheus';
import type { RunningServer } from '@artel/test-support/servers/runningServer';
import { ALERTMANAGER_URL, PROMETHEUS_URL } from './expectMessages.fixture';
import { accounts, outsideConfiguration } from './outsideConfiguration.fixture';
import { type Factor, scaleAlertmanager, scaleDuration, scaleRules } from './scaleTime.fixture';
import { startTextfileDisk, type TextfileDisk } from './textfileDisk.fixture';

/** What the tests of faults need. */
export const neededPrograms = ['prometheus', 'alertmanager', 'nodeExporter'] as const satisfies Program[];

const BOT_TOKEN = '7000000002:the-bot-of-the-game-has-a-token-too';

/** The demo's gateway, which can be killed and started again over its data. */
interface Gateway {
  readonly url: string;
  readonly address: string;
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Gives it a batch again and again until it is acknowledged, as a client does; answers how often it had to. */
  deliver(seq: number): Promise<number>;
  /** What it has counted of the batches that were delivered. */
  counted(): Promise<number>;
}

/** Everything between a fault and a person, each of it real but the people. */
export interface FaultyStack {
  readonly gateway: Gateway;
  readonly gameUrl: string;
  readonly disk: TextfileDisk;
  readonly prometheus: RunningPrometheus;
  readonly alertmanager: RunningServer;
  readonly outside: Outside;
  close(): Promise<void>;
}

async function startGateway(folder: string): Promise<Gateway & { close(): Promise<void> }> {
  const server = await startServer({ folder });
  const { url } = server;
  return {
    url,
    address: `127.0.0.1:${server.port}`,
    kill: () => server.stop('SIGKILL'),
    start: server.start,
    async deliver(seq) {
      const labels = { action: 'ball_clicked', page: 'table' };
      const body = JSON.stringify({
        producer: 'a-client',
        seq,
        metrics: [{ name: 'user_action_total', labels }],
      });
      for (let tries = 1; ; tries++) {
        const status = await fetch(`${url}/api/metrics`, { method: 'POST', body }).then(
          (answer) => answer.status,
          () => 0,
        );
        if (status === 202) return tries;
        await later(100);
      }
    },
    async counted() {
      const answer = await fetch(`${url}/metrics`);
      return sumSamples(await answer.text(), 'user_action_total', { action: 'ball_clicked' });
    },
    close: server.close,
  };
}

/** Starts the demo, its exporter, Prometheus and Alertmanager with our files, `factor` times faster, and the fakes. */
export async function startFaultyStack(factor: Factor): Promise<FaultyStack> {
  const folder = mkdtempSync(join(tmpdir(), 'artel-faults-'));
  const at = (name: string): string => {
    mkdirSync(join(folder, name));
    return join(folder, name);
  };
  const outside = await startOutside(accounts);
  const [gateway, game, disk, alertmanager] = await Promise.all([
    startGateway(at('gateway')),
    startGame({ env: { TELEGRAM_BOT_TOKEN: BOT_TOKEN } }),
    startTextfileDisk(at('disk')),
    startAlertmanager({
      config: scaleAlertmanager(outsideConfiguration(pathOf('alertmanager'), outside, at('secrets')), factor),
      certificate: outside.certificate,
      externalUrl: ALERTMANAGER_URL,
    }),
  ]);
  const target = (job: string, address: string, service = job) => ({
    job,
    address,
    labels: { service, environment: 'production' },
  });
  const prometheus = await startPrometheus({
    repository: {
      targets: [
        target('artel-gateway', gateway.address, 'gateway'),
        target('artel-game-service', `127.0.0.1:${game.port}`, 'game-service'),
        target('alertmanager', `127.0.0.1:${alertmanager.port}`),
        target('node', disk.address),
      ],
      editRules: (yaml) => scaleRules(yaml, factor),
    },
    itself: { service: 'prometheus', environment: 'production' },
    externalUrl: PROMETHEUS_URL,
    // A minute by itself. Four times this is how long an alert lives in Alertmanager when Prometheus is gone.
    flags: [`--rules.alert.resend-delay=${scaleDuration('1m', factor)}`],
  });
  // What was never scraped has not gone away.
  await waitUntil('scrape of each target', async () => (await prometheus.instant('up == 1')).length === 5);
  return {
    gateway,
    gameUrl: game.url,
    disk,
    prometheus,
    alertmanager,
    outside,
    async close() {
      await Promise.all([prometheus, gateway, game, disk.exporter].map((server) => server.close()));
      await alertmanager.close();
      await outside.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
