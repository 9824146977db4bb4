import { type FakeSentry, startFakeSentry } from '@artel/test-support/fakes/sentry';
import type { FaultServer } from '@artel/test-support/proxies/faultServer';
import type { Batch } from '../../packages/protocol/dist/index.js';
import { test as base, expect, startPageLab } from '../base';
import { BOT_TOKEN } from './launchHash';
import { type Sdk, telegramSite } from './site';

/** A Mini App, its gateway with a bot, and the Sentry behind that. */
export interface Lab {
  readonly site: FaultServer;
  readonly sentry: FakeSentry;
  readonly folder: string;
  /** Address of the page with one of Telegram's scripts, `more` in its query, and a fragment. */
  address(sdk: Sdk, hash: string, more?: Readonly<Record<string, string>>): string;
  /** The batches that came, each as often as it came. */
  batches(): readonly (Batch & { readonly status: number | undefined })[];
  counted(name: string, labels?: Readonly<Record<string, string>>): Promise<number>;
  /** How many sign-ins the gateway has accepted. */
  signIns(): number;
  /** Everything that left the page but the exchange of initData itself, decoded. */
  traffic(): string;
}

export const test = base.extend<{ lab: Lab }>({
  lab: async ({ folder }, use, info) => {
    info.skip(!process.env['CHROMIUM_PATH'], 'needs a Chrome or Chromium');
    const sentry = await startFakeSentry();
    const page = await startPageLab({
      folder,
      serve: await telegramSite(),
      env: { GATEWAY_BOT_TOKEN: BOT_TOKEN, GATEWAY_SENTRY_DSNS: sentry.dsn },
    });
    const { server: site, counted } = page;
    const { exchanges } = site;
    await use({
      site,
      sentry,
      folder,
      address: (sdk, hash, more = {}) =>
        `${site.url}/?${new URLSearchParams({ sdk, ...more })}${hash && `#${hash}`}`,
      batches: () =>
        exchanges
          .filter(({ path }) => path === '/api/metrics')
          .map(({ text, status }) => ({ ...(JSON.parse(text) as Batch), status })),
      counted,
      signIns: () => exchanges.filter(({ path, status }) => path === '/api/session' && status === 200).length,
      traffic: () =>
        exchanges
          .filter(({ path }) => path !== '/api/session')
          .map(({ text }) => text)
          .join('\n') + sentry.raw,
    });
    await page.close();
    await sentry.close();
  },
});

export { expect };
