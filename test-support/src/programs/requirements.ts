import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { findOnPath, installDebianPackage } from './debianPackage';
import { installedPostgres, installedRabbitMq } from './installedServers';

/** A program that some tests need: its path, or why it is not there. */
export type Requirement = { readonly path: string } | { readonly missing: string };

const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

const USUAL_PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** Path of a Chrome or Chromium that is installed already. */
export function installedBrowser(): string | undefined {
  const own = chromium.executablePath();
  const candidates = [process.env['CHROMIUM_PATH'], ...USUAL_PLACES, own];
  return findOnPath(BROWSERS) ?? candidates.find((path) => path && existsSync(path));
}

/** Finds an installed Chrome or Chromium, else lets Playwright download one, else installs Debian's. */
export function requireBrowser(): Requirement {
  const installed = installedBrowser();
  if (installed) return { path: installed };
  console.log('No Chrome or Chromium found; trying the download of Playwright …');
  spawnSync(process.execPath, ['node_modules/playwright-core/cli.js', 'install', 'chromium'], {
    env: { ...process.env, PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '10000' },
    encoding: 'utf8',
    timeout: 120_000,
  });
  const downloaded = installedBrowser();
  if (downloaded) return { path: downloaded };
  console.log('The download did not succeed.');
  const problem = installDebianPackage('chromium');
  const path = installedBrowser();
  return path
    ? { path }
    : { missing: `no Chrome or Chromium (${problem ?? 'not found after its installation'})` };
}

/** Finds a server program on PATH, else installs the Debian package that has it. */
export function requireServer(program: string, debianPackage: string): Requirement {
  const installed = findOnPath([program]);
  if (installed) return { path: installed };
  console.log(`No ${program} found.`);
  const problem = installDebianPackage(debianPackage);
  const path = findOnPath([program]);
  return path ? { path } : { missing: `no ${program} (${problem ?? 'not found after its installation'})` };
}

/** Finds the folder of PostgreSQL's programs, else installs Debian's. */
export function requirePostgres(): Requirement {
  const installed = installedPostgres();
  if (installed) return { path: installed };
  console.log('No PostgreSQL found.');
  const problem = installDebianPackage('postgresql');
  const path = installedPostgres();
  return path ? { path } : { missing: `no PostgreSQL (${problem ?? 'not found after its installation'})` };
}

/** Finds a rabbitmq-server that runs as whoever starts it, else installs Debian's. */
export function requireRabbitMq(): Requirement {
  const installed = installedRabbitMq();
  if (installed) return { path: installed };
  const found = requireServer('rabbitmq-server', 'rabbitmq-server');
  const path = installedRabbitMq();
  return path ? { path } : found;
}

/** A kubectl whose kustomize is of version 5 or newer, as its own `version` tells. */
function currentKubectl(): string | undefined {
  const path = findOnPath(['kubectl']);
  if (!path) return undefined;
  const { stdout } = spawnSync(path, ['version', '--client', '--output', 'json'], { encoding: 'utf8' });
  return /"kustomizeVersion": *"v(?:[5-9]|\d\d)/.test(stdout ?? '') ? path : undefined;
}

/** Finds kubectl 1.27 or newer on PATH, else installs Debian's, which is new enough from Debian 13 on. */
export function requireKubectl(): Requirement {
  const installed = currentKubectl();
  if (installed) return { path: installed };
  console.log('No kubectl 1.27 or newer found.');
  const problem = installDebianPackage('kubernetes-client');
  const path = currentKubectl();
  return path ? { path } : { missing: `no kubectl 1.27 or newer (${problem ?? 'Debian has an older one'})` };
}
