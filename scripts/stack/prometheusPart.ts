import { lstatSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Launch } from '@artel/test-support/programs/launch';
import { answers } from '@artel/test-support/programs/waitUntil';
import { type Target, writeTargets } from './targets';

const configuration = fileURLToPath(new URL('../../observability/prometheus/', import.meta.url));

export interface PrometheusPlace {
  readonly program: string;
  readonly port: number;
  /** Takes its links, its targets and its data. */
  readonly folder: string;
  readonly targets: readonly Target[];
}

/** The folder of Prometheus's blocks. */
export const prometheusData = (folder: string): string => join(folder, 'data');

/** Puts a link to `target` at `path`, in place of an older one; throws where something else is there. */
function linkTo(target: string, path: string): void {
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there && !there.isSymbolicLink()) throw new Error(`${path}: expected a link to ${target}`);
  if (there) rmSync(path);
  symlinkSync(target, path);
}

/**
 * Prometheus with the same configuration and rules as in containers: links to them beside targets of its own, as it
 * looks for both where its configuration stands.
 */
export function prometheusPart({ program, port, folder, targets }: PrometheusPlace): Launch {
  mkdirSync(prometheusData(folder), { recursive: true });
  for (const name of ['prometheus.yml', 'rules']) linkTo(join(configuration, name), join(folder, name));
  writeTargets(join(folder, 'targets'), targets, 'development');
  return {
    name: 'prometheus',
    command: program,
    args: [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${prometheusData(folder)}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--enable-feature=exemplar-storage',
      // How long it keeps what, and its admin API.
      `@${join(configuration, 'storage.flags')}`,
    ],
    grace: 20_000,
    group: true,
    ready: () => answers(`http://127.0.0.1:${port}/-/ready`),
  };
}
