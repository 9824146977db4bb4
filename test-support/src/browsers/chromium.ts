import { type Browser, type BrowserContext, chromium } from 'playwright-core';
import { launch as launchPuppeteer, type Browser as PuppeteerBrowser } from 'puppeteer-core';
import { launch } from '../programs/launch';
import { requireBrowser } from '../programs/requirements';

/** No host but loopback resolves: done here and not by interception, which would touch the requests under test. */
const SWITCHES = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
  // Root has no sandbox.
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

function executablePath(): string {
  const found = requireBrowser();
  if ('missing' in found) throw new Error(found.missing);
  return found.path;
}

/** Starts Chromium as Playwright does, without a profile. */
export function startChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: executablePath(), args: SWITCHES });
}

/** Starts Chromium as Playwright does, with a profile in `folder`, so that it can be closed and opened again. */
export function openChromium(folder: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(folder, { executablePath: executablePath(), args: SWITCHES });
}

/** Starts Chromium as Puppeteer does, which lets pages be prerendered: where Playwright attaches, Chromium refuses to. */
export function startPuppeteer(folder: string): Promise<PuppeteerBrowser> {
  return launchPuppeteer({ executablePath: executablePath(), args: SWITCHES, userDataDir: folder });
}

/** A Chromium with a profile that outlives it, without the switches that Playwright adds. */
export interface OwnChromium {
  readonly context: BrowserContext;
  /** Sends SIGKILL to the browser's own process: no page of it runs another line. */
  kill(): Promise<void>;
}

export interface OwnChromiumOptions {
  /** Whether a tab behind another is hidden, as for a player; else Playwright makes each believe that it is seen. */
  readonly tabsHide?: boolean;
}

const OWN_SWITCHES = [
  '--headless',
  '--disable-default-apps',
  '--disable-dev-shm-usage',
  '--disable-gpu',
  '--no-proxy-server',
  '--password-store=basic',
  '--remote-debugging-port=0',
];

/** Starts Chromium with a profile in a folder, as a player has it, and connects to it. */
export async function startOwnChromium(
  profile: string,
  { tabsHide = false }: OwnChromiumOptions = {},
): Promise<OwnChromium> {
  const running = await launch({
    name: 'chromium',
    command: executablePath(),
    args: [...SWITCHES, ...OWN_SWITCHES, `--user-data-dir=${profile}`, 'about:blank'],
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
