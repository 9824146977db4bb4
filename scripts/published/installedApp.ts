import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { packagesFolder, pagePackages } from './pageFiles';

/**
 * Lays out an app outside the repository in which the packages are installed, so that tools find them by name, through their
 * `exports`. Returns its folder, which the caller removes.
 */
export function installedApp(files: Readonly<Record<string, string>>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'artel-app-')));
  const link = (name: string, target: string) => {
    const path = join(folder, 'node_modules', name);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(target, path, 'junction');
  };
  for (const name of pagePackages) link(`@artel/telemetry-${name}`, join(packagesFolder, name));
  for (const name of ['react', '@types/react', 'react-router', '@tanstack/react-router', '@sentry/react'])
    link(name, join(packagesFolder, 'react/node_modules', name));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}
