import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';

const own = fileURLToPath(new URL('../../../observability/prometheus', import.meta.url));

/** Targets of one job, as `file_sd_configs` reads them. */
export interface TargetGroup {
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

interface PrometheusConfig {
  readonly scrape_configs: readonly Readonly<Record<string, unknown>>[];
}

interface RuleFile {
  readonly groups: readonly Readonly<Record<string, unknown>>[];
}

/**
 * Writes the repository's Prometheus configuration into a folder, with targets of its own and a second between scrapes
 * and evaluations, so that a test need not wait for minutes. Answers the path of the configuration.
 */
export function writePrometheusFolder(
  folder: string,
  targets: ReadonlyMap<string, readonly TargetGroup[]>,
): string {
  const config: PrometheusConfig = parse(readFileSync(join(own, 'prometheus.yml'), 'utf8'));
  const path = join(folder, 'prometheus.yml');
  const every = { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' };
  const jobs = config.scrape_configs.map(({ scrape_interval: _, ...job }) => job);
  writeFileSync(path, stringify({ ...config, global: every, scrape_configs: jobs }));
  mkdirSync(join(folder, 'targets'));
  for (const [job, groups] of targets) {
    writeFileSync(join(folder, 'targets', `${job}.yml`), stringify(groups));
  }
  const rules = join(own, 'rules');
  if (existsSync(rules)) {
    mkdirSync(join(folder, 'rules'));
    for (const file of readdirSync(rules).filter((name) => name.endsWith('.yml'))) {
      const { groups }: RuleFile = parse(readFileSync(join(rules, file), 'utf8'));
      const hurried = groups.map(({ interval: _, ...group }) => group);
      writeFileSync(join(folder, 'rules', file), stringify({ groups: hurried }));
    }
  }
  return path;
}
