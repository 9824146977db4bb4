import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const packagesFolder = fileURLToPath(new URL('../../packages/', import.meta.url));

/** The packages whose code runs in a page. */
export const pagePackages = ['protocol', 'core', 'react', 'sentry'] as const;

/** Paths of the scripts that a package publishes. Run the build first. */
export function publishedScripts(name: (typeof pagePackages)[number]): string[] {
  const dist = join(packagesFolder, name, 'dist');
  return readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.c?js$/.test(file))
    .map((file) => join(dist, file));
}
