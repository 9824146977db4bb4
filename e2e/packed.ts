import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Without Sentry, which is an optional peer: an app that does not use it builds without it. */
const PACKAGES = ['protocol', 'core', 'react'];

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** Packs what a page installs, as it would be published; answers name → address of the tarball. */
async function pack(folder: string): Promise<Record<string, string>> {
  const { packageManager } = JSON.parse(readFileSync('package.json', 'utf8')) as { packageManager: string };
  const filters = PACKAGES.flatMap((name) => ['--filter', `./packages/${name}`]);
  await run('npx', ['-y', packageManager, ...filters, '-r', 'pack', '--pack-destination', folder]);
  const files = readdirSync(folder).filter((file) => file.endsWith('.tgz'));
  return Object.fromEntries(
    PACKAGES.map((name) => {
      const file = files.find((one) => one.startsWith(`artel-telemetry-${name}-`));
      return [`@artel/telemetry-${name}`, `file:${join(folder, file ?? `no tarball of ${name}`)}`];
    }),
  );
}

/** Installs the app in `folder` as npm would, with this repository's packages from their tarballs in `scratch`. */
export async function installPacked(folder: string, scratch: string): Promise<void> {
  const file = join(folder, 'package.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  const dependencies = { ...manifest.dependencies, ...(await pack(scratch)) };
  writeFileSync(file, JSON.stringify({ ...manifest, dependencies }));
  await run('npm', ['install', '--no-audit', '--no-fund'], { cwd: folder });
}
