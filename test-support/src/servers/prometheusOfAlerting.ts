import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseDocument } from 'yaml';
import { type Factor, scaleRules } from '../../../observability/src/alerting/scaleTime';
import { formatDuration } from '../../../packages/ops/src/retention/duration';
import { type Target, writeTargets } from '../../../scripts/stack/targets';
import { launch, type Running } from '../programs/launch';
import { freePort } from '../programs/port';

const ours = fileURLToPath(new URL('../../../observability/prometheus', import.meta.url));

export interface RunningPrometheus extends Running {
  readonly url: string;
  /** The number of series that `expr` comes to. */
  count(expr: string): Promise<number>;
}

/** How often everything is scraped and looked at, in ms: as often as in real time at 5, seldom enough for a busy machine. */
const INTERVAL = formatDuration(1_000);

function writeFiles(folder: string, targets: readonly Target[], factor: Factor): string {
  const config = parseDocument(readFileSync(join(ours, 'prometheus.yml'), 'utf8'));
  for (const field of ['scrape_interval', 'scrape_timeout', 'evaluation_interval'])
    config.setIn(['global', field], INTERVAL);
  writeTargets(join(folder, 'targets'), targets, 'production');
  mkdirSync(join(folder, 'rules'));
  for (const name of readdirSync(join(ours, 'rules')).filter((file) => file.endsWith('.yml')))
    writeFileSync(
      join(folder, 'rules', name),
      scaleRules(readFileSync(join(ours, 'rules', name), 'utf8'), factor),
    );
  const path = join(folder, 'prometheus.yml');
  writeFileSync(path, config.toString({ lineWidth: 0 }));
  return path;
}

/**
 * Starts a real Prometheus with our prometheus.yml and all our rules, whose time goes `factor` times faster. It scrapes itself too,
 * and gives its alerts to the target of the job `alertmanager`.
 */
export async function startPrometheus(
  program: string,
  folder: string,
  { targets, factor, externalUrl }: { targets: readonly Target[]; factor: Factor; externalUrl: string },
): Promise<RunningPrometheus> {
  const port = await freePort();
  const itself: Target = { job: 'prometheus', address: `127.0.0.1:${port}`, service: 'prometheus' };
  const url = `http://127.0.0.1:${port}`;
  const running = await launch({
    name: 'prometheus',
    command: program,
    args: [
      `--config.file=${writeFiles(folder, [...targets, itself], factor)}`,
      `--storage.tsdb.path=${join(folder, 'tsdb')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      `--web.external-url=${externalUrl}`,
      '--web.route-prefix=/',
      // A minute by itself. Four times this is how long an alert lives in Alertmanager when Prometheus is gone.
      `--rules.alert.resend-delay=${formatDuration(Math.round(60_000 / factor))}`,
    ],
    ready: new URL(`${url}/-/ready`),
  });
  return {
    ...running,
    url,
    async count(expr) {
      const answer = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(expr)}`);
      const { data, error } = (await answer.json()) as { data?: { result: unknown[] }; error?: string };
      if (!data) throw new Error(`${expr}: ${error}`);
      return data.result.length;
    },
  };
}
