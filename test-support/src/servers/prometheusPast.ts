import { spawnSync } from 'node:child_process';
import { readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathOf } from '../programs/findProgram';
import { ofTest } from './ofTest';
import { type RunningPrometheus, startPrometheus } from './prometheus';
import { serverFolder } from './runningServer';

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

export interface PrometheusWithPast extends RunningPrometheus {
  /** Makes up for rules (the text of their file) that were not evaluated, and starts again with what they come to. */
  backfill(rules: string, from: string, to: string): Promise<void>;
  /** Ends it in good order and starts it again. */
  restart(): Promise<void>;
}

function run(args: readonly string[], cwd?: string): void {
  const { status, stdout, stderr } = spawnSync(pathOf('promtool'), args, { cwd, encoding: 'utf8' });
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

/** Starts a real Prometheus that has a past, up to a minute ago, keeps five years, and scrapes nothing; it ends with the running Vitest test. */
export async function startPrometheusWithPast(past: readonly Past[]): Promise<PrometheusWithPast> {
  const folder = serverFolder('prometheus');
  const data = join(folder, 'data');
  // A Prometheus that has had nothing for a day is taken for one whose clock is wrong.
  const lately = Date.now() - 60_000;
  const up = { name: 'up', labels: { job: 'prometheus' }, from: lately, to: lately, every: 1_000 };
  writeFileSync(join(folder, 'past.txt'), openMetrics([...past, up]));
  run(['tsdb', 'create-blocks-from', 'openmetrics', join(folder, 'past.txt'), data]);
  const server = await ofTest(startPrometheus({ folder, flags: ['--storage.tsdb.retention.time=5y'] }));
  const { url } = server;
  return {
    ...server,
    async restart() {
      await server.stop('SIGTERM');
      await server.start();
    },
    async backfill(rules, from, to) {
      const made = join(folder, 'made');
      const file = 'rules.yml';
      writeFileSync(join(folder, file), rules);
      const range = ['--start', from, '--end', to];
      // The file's path decides at which second of its interval a group is evaluated, so the path is the same in every run:
      // promtool skips an evaluation in the last second of a two-hour block, and one random path in sixty fell on it.
      run(
        ['tsdb', 'create-blocks-from', 'rules', '--url', url, ...range, '--output-dir', made, file],
        folder,
      );
      await server.stop('SIGTERM');
      for (const block of readdirSync(made)) renameSync(join(made, block), join(data, block));
      await server.start();
    },
  };
}
