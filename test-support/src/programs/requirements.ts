import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { installDebianPackages } from './debianPackage';
import { debianPackageOf, findOnPath, findProgram, type Program } from './findProgram';

/** A program that some tests need: its path, or why it is not there. */
export type Requirement = { readonly path: string } | { readonly missing: string };

const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

const USUAL_PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** Returns the path of a Chrome or Chromium that is installed already. */
export function installedBrowser(): string | undefined {
  const own = chromium.executablePath();
  const candidates = [process.env['CHROMIUM_PATH'], findOnPath(BROWSERS), ...USUAL_PLACES, own];
  return candidates.find((path) => path && existsSync(path));
}

function installed(what: string, debianPackage: string, find: () => string | undefined): Requirement {
  const problem = installDebianPackages(debianPackage);
  const path = find();
  return path ? { path } : { missing: `no ${what} (${problem ?? 'not found after its installation'})` };
}

/** Finds an installed Chrome or Chromium, else lets Playwright download one, else installs Debian's. */
export function requireBrowser(): Requirement {
  const path = installedBrowser();
  if (path) return { path };
  console.log('No Chrome or Chromium found; trying the download of Playwright …');
  spawnSync(process.execPath, ['node_modules/playwright-core/cli.js', 'install', 'chromium'], {
    env: { ...process.env, PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '10000' },
    encoding: 'utf8',
    timeout: 120_000,
  });
  const downloaded = installedBrowser();
  if (downloaded) return { path: downloaded };
  console.log('The download did not succeed.');
  return installed('Chrome or Chromium', 'chromium', installedBrowser);
}

/** Finds a program of others, else installs the Debian package that contains it. */
export function requireProgram(program: Program): Requirement {
  const path = findProgram(program);
  if (path) return { path };
  console.log(`No ${program} found.`);
  return installed(program, debianPackageOf(program), () => findProgram(program));
}
