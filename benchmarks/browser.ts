import { requireBrowser } from '@artel/test-support/programs/requirements';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';

/** No host but loopback resolves: done here and not by interception, which would touch the requests under measurement. */
const ARGS = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

function executablePath(): string {
  const found = requireBrowser();
  if ('missing' in found) throw new Error(found.missing);
  return found.path;
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: executablePath(), args: ARGS });
}

/** A browser whose storage lives in `folder`, so that it can be closed and opened again. */
export function launchPersistent(folder: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(folder, { executablePath: executablePath(), args: ARGS });
}
