import { launch } from '@artel/test-support/programs/launch';
import { type BrowserContext, chromium } from '@playwright/test';

/** A Chromium with a profile that outlives it, without the switches that Playwright adds. */
export interface OwnChromium {
  readonly context: BrowserContext;
  /** SIGKILL to the browser's own process: no page of it runs another line. */
  kill(): Promise<void>;
}

export interface OwnChromiumOptions {
  /** Whether a tab behind another is hidden, as for a player; else Playwright makes each believe that it is seen. */
  readonly tabsHide?: boolean;
}

const SWITCHES = [
  '--headless',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-dev-shm-usage',
  '--disable-gpu',
  '--disable-sync',
  '--no-first-run',
  '--no-proxy-server',
  '--password-store=basic',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
  '--remote-debugging-port=0',
];

export async function startOwnChromium(
  profile: string,
  { tabsHide = false }: OwnChromiumOptions = {},
): Promise<OwnChromium> {
  const running = await launch({
    name: 'chromium',
    command: process.env['CHROMIUM_PATH'] ?? '',
    args: [
      ...SWITCHES,
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      `--user-data-dir=${profile}`,
      'about:blank',
    ],
    ready: /DevTools listening on ws:\S+/,
  });
  const [, endpoint = ''] = /DevTools listening on (ws:\S+)/.exec(running.output()) ?? [];
  const browser = await chromium.connectOverCDP(endpoint, { noDefaults: tabsHide });
  const [context] = browser.contexts();
  if (!context) throw new Error('chromium gave no context');
  return {
    context,
    async kill() {
      await running.stop('SIGKILL');
      await browser.close();
    },
  };
}
