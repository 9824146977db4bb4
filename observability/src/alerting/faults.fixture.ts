import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { type Outside, startOutside } from '@artel/test-support/fakes/alerting/startOutside';
import { sumSamples } from '@artel/test-support/programs/exposition';
import { launch, type Running } from '@artel/test-support/programs/launch';
import { freePort } from '@artel/test-support/programs/port';
import { waitUntil } from '@artel/test-support/programs/waitUntil';
import {
  type RunningAlertmanager,
  startAlertmanager,
} from '@artel/test-support/servers/alertmanagerOfAlerting';
import { gameService, gatewayService, type Places } from '@artel/test-support/servers/demo';
import { type RunningPrometheus, startPrometheus } from '@artel/test-support/servers/prometheusOfAlerting';
import { ALERTMANAGER_URL, PROMETHEUS_URL } from './expectMessages.fixture';
import { accounts, outsideConfiguration } from './outsideConfiguration.fixture';
import { type Factor, scaleAlertmanager } from './scaleTime';
import { startTextfileDisk, type TextfileDisk } from './textfileDisk.fixture';

const programs = ['PROMETHEUS_PATH', 'ALERTMANAGER_PATH', 'NODE_EXPORTER_PATH'] as const;

/** What the tests of faults need and the machine does not have. */
export const missingPrograms = programs.filter((name) => !process.env[name]);

export const BOT_TOKEN = '7000000002:the-bot-of-the-game-has-a-token-too';

/** The demo's gateway, which can be killed and started again over its data. */
export interface Gateway {
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
  readonly alertmanager: RunningAlertmanager;
  readonly outside: Outside;
  close(): Promise<void>;
}

async function startGateway(places: Places): Promise<Gateway & { stop(): Promise<unknown> }> {
  const url = `http://127.0.0.1:${places.gatewayPort}`;
  let running: Running = await launch(gatewayService(places));
  return {
    url,
    address: `127.0.0.1:${places.gatewayPort}`,
    async kill() {
      await running.stop('SIGKILL');
    },
    async start() {
      running = await launch(gatewayService(places));
    },
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
    stop: () => running.stop(),
  };
}

/** Starts the demo, its exporter, Prometheus and Alertmanager with our files, `factor` times faster, and the fakes. */
export async function startFaultyStack(factor: Factor): Promise<FaultyStack> {
  const [prometheusProgram = '', alertmanagerProgram = '', exporterProgram = ''] = programs.map(
    (name) => process.env[name],
  );
  const folder = mkdtempSync(join(tmpdir(), 'artel-faults-'));
  const at = (name: string): string => {
    mkdirSync(join(folder, name));
    return join(folder, name);
  };
  const places: Places = {
    miniAppPort: 0,
    gatewayPort: await freePort(),
    gamePort: await freePort(),
    dataDir: at('demo'),
    gameStorage: 'memory',
  };
  const outside = await startOutside(accounts);
  const game = gameService(places);
  const [gateway, gameRunning, disk, alertmanager] = await Promise.all([
    startGateway(places),
    launch({ ...game, env: { ...game.env, TELEGRAM_BOT_TOKEN: BOT_TOKEN } }),
    startTextfileDisk(exporterProgram, at('disk')),
    startAlertmanager(alertmanagerProgram, at('alertmanager'), {
      config: scaleAlertmanager(outsideConfiguration(alertmanagerProgram, outside, at('secrets')), factor),
      certificate: outside.certificate,
      externalUrl: ALERTMANAGER_URL,
    }),
  ]);
  const prometheus = await startPrometheus(prometheusProgram, at('prometheus'), {
    targets: [
      { job: 'artel-gateway', address: gateway.address, service: 'gateway' },
      { job: 'artel-game-service', address: `127.0.0.1:${places.gamePort}`, service: 'game-service' },
      { job: 'alertmanager', address: new URL(alertmanager.url).host, service: 'alertmanager' },
      { job: 'node', address: disk.address, service: 'node' },
    ],
    factor,
    externalUrl: PROMETHEUS_URL,
  });
  // What was never scraped has not gone away.
  await waitUntil('scrape of each target', async () => (await prometheus.count('up == 1')) === 5);
  return {
    gateway,
    gameUrl: `http://127.0.0.1:${places.gamePort}`,
    disk,
    prometheus,
    alertmanager,
    outside,
    async close() {
      await Promise.all([prometheus.stop(), gateway.stop(), gameRunning.stop(), disk.exporter.stop()]);
      await alertmanager.stop();
      await outside.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
