import { type Browser, launch, type Page } from 'puppeteer-core';
import { pathOf } from '../programs/findProgram';
import { callOf, type DrivenBrowser, type Tab } from './drivenBrowser';

/** Ms that Firefox may take to start. */
const PATIENCE = 120_000;

const PREFERENCES = {
  // Puppeteer turns the back/forward cache off; players have it.
  'fission.bfcacheInParent': true,
  // A tab that was killed is opened by the test, not by Firefox.
  'browser.sessionstore.resume_from_crash': false,
  // Traffic stays on loopback, which needs no names.
  'network.dns.disabled': true,
  'network.proxy.type': 0,
};

function tabOf(page: Page): Tab {
  return {
    async goto(url) {
      await page.goto(url, { timeout: PATIENCE });
    },
    async evaluate<Result, Arg>(run: (arg: Arg) => Result | Promise<Result>, ...args: [Arg?]) {
      return (await page.evaluate(callOf(run, args))) as Result;
    },
    async travel(step, url) {
      // Once this call is answered: it would not outlive its page. Puppeteer's own goBack and goForward wait in vain for
      // a page that comes from the cache.
      await page.evaluate((by) => void setTimeout(() => history.go(by)), step);
      await page.waitForFunction(
        (there) => location.href === there && document.readyState === 'complete',
        { timeout: PATIENCE },
        url,
      );
    },
    goOffline: () => page.setOfflineMode(true),
    close: () => page.close(),
  };
}

async function kill(browser: Browser): Promise<void> {
  const child = browser.process();
  // Puppeteer makes it the head of a process group.
  if (child?.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    process.kill(-child.pid, 'SIGKILL');
  }
  // Waits until it has ended and Puppeteer has put the preferences back: the next start writes them anew.
  await browser.close();
}

/** Starts Firefox over WebDriver BiDi with a profile in a folder. */
export async function startFirefox(profile: string): Promise<DrivenBrowser> {
  const browser = await launch({
    browser: 'firefox',
    executablePath: pathOf('firefox'),
    headless: true,
    userDataDir: profile,
    // Root may not start Firefox in the home of somebody else. The crash reporter would outlive the process group.
    env: { ...process.env, HOME: profile, MOZ_CRASHREPORTER_DISABLE: '1' },
    extraPrefsFirefox: PREFERENCES,
    defaultViewport: { width: 360, height: 740 },
    timeout: PATIENCE,
    protocolTimeout: PATIENCE,
  });
  return {
    async openTab(url) {
      const tab = tabOf(await browser.newPage());
      await tab.goto(url);
      return tab;
    },
    kill: () => kill(browser),
  };
}
