import { spawnSync } from 'node:child_process';
import { findOnPath } from './findProgram';

let updated = false;

/** Installs Debian packages, separated by spaces, where that is possible (root, apt-get). Returns why they were not installed, if so. */
export function installDebianPackages(names: string): string | undefined {
  if (process.getuid?.() !== 0 || !findOnPath(['apt-get'])) return 'not root on Debian';
  // RUNLEVEL=1 keeps a package's own service from being started at install.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const apt = (...args: string[]) => spawnSync('apt-get', args, { env, encoding: 'utf8', timeout: 600_000 });
  if (!updated) {
    console.log('Updating the package lists (apt-get update) …');
    apt('update');
    updated = true;
  }
  console.log(`Installing ${names} (apt-get install) …`);
  const run = apt('install', '-y', '--no-install-recommends', ...names.split(' '));
  return run.status === 0
    ? undefined
    : `apt-get install ${names} failed: ${run.stderr.trim().split('\n').at(-1)}`;
}
