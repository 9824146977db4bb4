import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';

/** What Prometheus scrapes of one job. */
export interface Target {
  /** As in `prometheus.yml`, and the name of the target's file. */
  readonly job: string;
  /** `host:port` */
  readonly address: string;
  /** What its series say that they are of. */
  readonly service: string;
}

/** Writes a file for each target into `folder`, and removes those of other jobs: Prometheus reads them as they change. */
export function writeTargets(folder: string, targets: readonly Target[], environment: string): void {
  mkdirSync(folder, { recursive: true });
  const files = new Set(targets.map(({ job }) => `${job}.yml`));
  for (const name of readdirSync(folder)) if (!files.has(name)) rmSync(join(folder, name));
  for (const { job, address, service } of targets) {
    writeFileSync(
      join(folder, `${job}.yml`),
      stringify([{ targets: [address], labels: { service, environment } }]),
    );
  }
}
