import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sumSamples } from '@artel/test-support/programs/exposition';
import { launch, type Running } from '@artel/test-support/programs/launch';
import { freePort } from '@artel/test-support/programs/port';
import { type FaultProxy, startFaultProxy } from '@artel/test-support/proxies/faultProxy';
import { gameService, gatewayService, miniApp, type Places } from '@artel/test-support/servers/demo';
import { test as base, expect } from '@playwright/test';

/** A real Prometheus that scrapes the gateway each second. */
export interface Prometheus {
  /** The one value that `expr` comes to, or `undefined` while it has none. */
  query(expr: string): Promise<number | undefined>;
}

/** The demo of one test: servers, data and ports of its own. */
export interface Stack {
  readonly app: string;
  readonly gateway: string;
  readonly proxy: FaultProxy;
  /** Sum of a metric's samples on the gateway's `/metrics`. */
  counted(name: string, labels?: Readonly<Record<string, string>>): Promise<number>;
}

async function startPrometheus(path: string, gateway: string, folder: string): Promise<Running & Prometheus> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const config = join(folder, 'prometheus.yml');
  writeFileSync(
    config,
    `global: { scrape_interval: 1s, scrape_timeout: 1s }
scrape_configs:
  - job_name: artel-gateway
    static_configs: [{ targets: ['${new URL(gateway).host}'] }]
`,
  );
  const running = await launch({
    name: 'prometheus',
    command: path,
    args: [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'tsdb')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    ready: new URL(`${url}/-/ready`),
  });
  return {
    ...running,
    async query(expr) {
      const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(expr)}`);
      const { data } = (await response.json()) as { data?: { result?: { value: [number, string] }[] } };
      const value = data?.result?.[0]?.value[1];
      return value === undefined ? undefined : Number(value);
    },
  };
}

interface Fixtures {
  readonly folder: string;
  readonly stack: Stack;
  readonly prometheus: Prometheus;
}

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the dependencies from this pattern
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'artel-e2e-'));
    await use(folder);
    rmSync(folder, { recursive: true, force: true });
  },

  stack: async ({ folder }, use) => {
    const [miniAppPort, gatewayPort, gamePort] = [await freePort(), await freePort(), await freePort()];
    const gateway = `http://127.0.0.1:${gatewayPort}`;
    const proxy = await startFaultProxy(gateway);
    const places: Places = {
      miniAppPort,
      gatewayPort,
      gamePort,
      dataDir: folder,
      gatewayUrl: proxy.url,
      gameStorage: 'memory',
    };
    const running = await Promise.all(
      [gatewayService(places), gameService(places), miniApp(places)].map(launch),
    );
    await use({
      app: `http://127.0.0.1:${miniAppPort}`,
      gateway,
      proxy,
      async counted(name, labels) {
        const response = await fetch(`${gateway}/metrics`);
        return sumSamples(await response.text(), name, labels);
      },
    });
    await Promise.all(running.map((service) => service.stop()));
    await proxy.close();
  },

  prometheus: async ({ stack, folder }, use, info) => {
    const path = process.env['PROMETHEUS_PATH'];
    info.skip(!path, 'needs a prometheus program');
    const prometheus = await startPrometheus(path ?? '', stack.gateway, folder);
    await use(prometheus);
    await prometheus.stop();
  },
});

/** For `test.skip(...)` at the head of a file whose tests open pages; said there, it holds before a browser is started. */
export const withoutBrowser = [!process.env['CHROMIUM_PATH'], 'needs a Chrome or Chromium'] as const;

export { expect };
