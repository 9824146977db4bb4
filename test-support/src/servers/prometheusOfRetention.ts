import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { launch } from '../programs/launch';
import { freePort } from '../programs/port';

const program = process.env['PROMETHEUS_PATH'] ?? 'prometheus';
const promtool = process.env['PROMTOOL_PATH'] ?? 'promtool';

const answers = (name: string): boolean => spawnSync(name, ['--version']).status === 0;

/** Where there is no Prometheus the tests are skipped; in CI they fail. */
export const withoutPrometheus = !(answers(program) && answers(promtool)) && !process.env['CI'];

/** Samples of one series, in time. */
export interface Past {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly type?: 'counter' | 'gauge';
  /** Unix ms. */
  readonly from: number;
  readonly to: number;
  readonly every: number;
}

export interface PrometheusServer {
  readonly url: string;
  /** Makes up for rules (the text of their file) that were not evaluated, and starts again with what they come to. */
  backfill(rules: string, from: string, to: string): Promise<void>;
  restart(): Promise<void>;
}

function run(args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(promtool, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`promtool ${args.join(' ')}: ${stdout}${stderr}`);
}

function openMetrics(past: readonly Past[]): string {
  const names = [...new Set(past.map(({ name }) => name))];
  const families = names.map((name) => {
    const series = past.filter((one) => one.name === name).sort((a, b) => a.from - b.from);
    const type = series[0]?.type ?? 'gauge';
    const lines = series.flatMap(({ labels, from, to, every }) => {
      const text = Object.entries(labels)
        .map(([label, value]) => `${label}="${value}"`)
        .join(',');
      const samples: string[] = [];
      for (let at = from, value = 1; at <= to; at += every, value++)
        samples.push(`${name}{${text}} ${value} ${at / 1_000}`);
      return samples;
    });
    // The name of a counter's family has no `_total`.
    return `# TYPE ${type === 'counter' ? name.replace(/_total$/, '') : name} ${type}\n${lines.join('\n')}\n`;
  });
  return `${families.join('')}# EOF\n`;
}

/** Starts a real Prometheus that has a past, up to a minute ago, and scrapes nothing; ended with the test. */
export async function startPrometheus(past: readonly Past[]): Promise<PrometheusServer> {
  const folder = mkdtempSync(join(tmpdir(), 'artel-retention-'));
  const data = join(folder, 'data');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  // A Prometheus that has had nothing for a day is taken for one whose clock is wrong.
  const lately = Date.now() - 60_000;
  const up = { name: 'up', labels: { job: 'prometheus' }, from: lately, to: lately, every: 1_000 };
  writeFileSync(join(folder, 'past.txt'), openMetrics([...past, up]));
  run(['tsdb', 'create-blocks-from', 'openmetrics', join(folder, 'past.txt'), data]);
  writeFileSync(join(folder, 'prometheus.yml'), '{}');

  const start = () =>
    launch({
      name: 'prometheus',
      command: program,
      args: [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${data}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--storage.tsdb.retention.time=5y',
        '--web.enable-admin-api',
      ],
      ready: new URL(`${url}/-/ready`),
      grace: 180_000,
    });

  let server = await start();
  onTestFinished(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const restart = async (): Promise<void> => {
    await server.stop();
    server = await start();
  };
  return {
    url,
    restart,
    async backfill(rules, from, to) {
      const made = join(folder, 'made');
      const file = join(folder, 'rules.yml');
      writeFileSync(file, rules);
      const range = ['--start', from, '--end', to];
      run(['tsdb', 'create-blocks-from', 'rules', '--url', url, ...range, '--output-dir', made, file]);
      await server.stop();
      for (const block of readdirSync(made)) renameSync(join(made, block), join(data, block));
      server = await start();
    },
  };
}
