import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMap, parseDocument, stringify, visit } from 'yaml';

const repository = fileURLToPath(new URL('../../../observability/prometheus', import.meta.url));

/** What Prometheus scrapes of one job of prometheus.yml. */
export interface Target {
  readonly job: string;
  /** `host:port` */
  readonly address: string;
  /** `service` and `environment`, and what relabelling reads. */
  readonly labels: Readonly<Record<string, string>>;
}

/** The repository's configuration, over targets of a test's own. */
export interface RepositoryFiles {
  readonly targets: readonly Target[];
  /** What becomes of each file of rules, as YAML; by default every group is evaluated as often as targets are scraped. */
  readonly editRules?: (yaml: string) => string;
  /** Whether the intervals of the files hold; by default everything is scraped and evaluated each second. */
  readonly ownPace?: boolean;
}

/** How often everything is scraped and evaluated, so that a test need not wait for minutes. */
const INTERVAL = '1s';

function withoutIntervals(yaml: string, field: string): string {
  const document = parseDocument(yaml);
  visit(document, {
    Map(_, node) {
      if (isMap(node)) node.delete(field);
    },
  });
  return document.toString({ lineWidth: 0 });
}

function eachSecond(config: string): string {
  const document = parseDocument(withoutIntervals(config, 'scrape_interval'));
  for (const field of ['scrape_interval', 'scrape_timeout', 'evaluation_interval'])
    document.setIn(['global', field], INTERVAL);
  return document.toString({ lineWidth: 0 });
}

function writeTargets(folder: string, targets: readonly Target[]): void {
  mkdirSync(folder);
  for (const job of new Set(targets.map((target) => target.job))) {
    const its = targets.filter((target) => target.job === job);
    const groups = its.map(({ address, labels }) => ({ targets: [address], labels }));
    writeFileSync(join(folder, `${job}.yml`), stringify(groups));
  }
}

/** Writes prometheus.yml, its rules and its targets into a folder, as it looks for them. Returns the path of the first. */
export function writePrometheusFiles(
  folder: string,
  {
    targets,
    ownPace = false,
    editRules = ownPace ? (yaml) => yaml : (yaml) => withoutIntervals(yaml, 'interval'),
  }: RepositoryFiles,
): string {
  const path = join(folder, 'prometheus.yml');
  const config = readFileSync(join(repository, 'prometheus.yml'), 'utf8');
  writeFileSync(path, ownPace ? config : eachSecond(config));
  writeTargets(join(folder, 'targets'), targets);
  mkdirSync(join(folder, 'rules'));
  for (const name of readdirSync(join(repository, 'rules')).filter((file) => file.endsWith('.yml')))
    writeFileSync(
      join(folder, 'rules', name),
      editRules(readFileSync(join(repository, 'rules', name), 'utf8')),
    );
  return path;
}
