import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FakeSentry, startFakeSentry } from '@artel/test-support/fakes/sentry';
import { sumSamples } from '@artel/test-support/programs/exposition';
import { launch } from '@artel/test-support/programs/launch';
import { freePort } from '@artel/test-support/programs/port';
import { gatewayService } from '@artel/test-support/servers/demo';
import { test as base, expect } from '@playwright/test';
import type { Batch } from '../../packages/protocol/dist/index.js';
import { BOT_TOKEN } from './launchHash';
import { type Sdk, type Site, startSite } from './site';

/** A Mini App, its gateway with a bot, and the Sentry behind that. */
export interface Lab {
  readonly site: Site;
  readonly sentry: FakeSentry;
  readonly folder: string;
  /** Address of the page with one of Telegram's scripts, `more` in its query, and a fragment. */
  address(sdk: Sdk, hash: string, more?: Readonly<Record<string, string>>): string;
  /** The batches that came, each as often as it came. */
  batches(): readonly (Batch & { readonly status: number })[];
  counted(name: string, labels?: Readonly<Record<string, string>>): Promise<number>;
  /** How many sign-ins the gateway has accepted. */
  signIns(): number;
  /** Everything that left the page but the exchange of initData itself, decoded. */
  traffic(): string;
}

export const test = base.extend<{ lab: Lab }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the dependencies from this pattern
  lab: async ({}, use, info) => {
    info.skip(!process.env['CHROMIUM_PATH'], 'needs a Chrome or Chromium');
    const folder = mkdtempSync(join(tmpdir(), 'artel-telegram-'));
    const sentry = await startFakeSentry();
    const gatewayPort = await freePort();
    const gateway = `http://127.0.0.1:${gatewayPort}`;
    const service = gatewayService({
      gatewayPort,
      miniAppPort: 0,
      gamePort: 0,
      dataDir: join(folder, 'data'),
    });
    const running = await launch({
      ...service,
      env: { ...service.env, GATEWAY_BOT_TOKEN: BOT_TOKEN, GATEWAY_SENTRY_DSNS: sentry.dsn },
    });
    const site = await startSite(gateway);
    const { exchanges } = site;
    await use({
      site,
      sentry,
      folder,
      address: (sdk, hash, more = {}) =>
        `${site.origin}/?${new URLSearchParams({ sdk, ...more })}${hash && `#${hash}`}`,
      batches: () =>
        exchanges
          .filter(({ path }) => path === '/api/metrics')
          .map(({ text, status }) => ({ ...(JSON.parse(text) as Batch), status })),
      counted: async (name, labels) =>
        sumSamples(await (await fetch(`${gateway}/metrics`)).text(), name, labels),
      signIns: () => exchanges.filter(({ path, status }) => path === '/api/session' && status === 200).length,
      traffic: () =>
        exchanges
          .filter(({ path }) => path !== '/api/session')
          .map(({ text }) => text)
          .join('\n') + sentry.raw,
    });
    await running.stop();
    await site.close();
    await sentry.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  },
});

export { expect };
