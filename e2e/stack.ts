import { counterOf } from '@artel/test-support/programs/exposition';
import { isMissing } from '@artel/test-support/programs/findProgram';
import { freePort } from '@artel/test-support/programs/port';
import { type FaultServer, startFaultServer } from '@artel/test-support/proxies/faultServer';
import { startApps } from '@artel/test-support/servers/demo';
import { type RunningPrometheus, startPrometheus } from '@artel/test-support/servers/prometheus';
import { test as base } from './base';

export { expect, withoutBrowser } from './base';

/** The demo of one test: servers, data and ports of its own. */
interface Stack {
  readonly app: string;
  readonly gateway: string;
  /** Stands between the Mini App's server and the gateway. */
  readonly proxy: FaultServer;
  /** Sum of a metric's samples on the gateway's `/metrics`. */
  counted(name: string, labels?: Readonly<Record<string, string>>): Promise<number>;
}

interface Fixtures {
  readonly stack: Stack;
  /** A real Prometheus that scrapes the gateway each second. */
  readonly prometheus: RunningPrometheus;
}

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the dependencies from this pattern
  stack: async ({}, use) => {
    const port = await freePort();
    const gateway = `http://127.0.0.1:${port}`;
    const proxy = await startFaultServer({ gateway });
    const apps = await startApps({ gateway: { port }, gatewayUrl: proxy.url });
    await use({ app: apps.app.url, gateway, proxy, counted: counterOf(gateway) });
    await apps.close();
    await proxy.close();
  },

  prometheus: async ({ stack }, use, info) => {
    info.skip(isMissing('prometheus'), 'needs a prometheus program');
    const prometheus = await startPrometheus({ jobs: { 'artel-gateway': [new URL(stack.gateway).host] } });
    await use(prometheus);
    await prometheus.close();
  },
});
