import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { freePort, type RunningServer, runServer, serverFolder } from './serverProcess';

const program = process.env['PROMETHEUS_PATH'] ?? 'prometheus';

/** Where there is no Prometheus the tests are skipped; in CI they fail. */
export const withoutPrometheus = spawnSync(program, ['--version']).status !== 0 && !process.env['CI'];

/** Starts a real Prometheus that scrapes `targets` (`127.0.0.1:4330`) every two seconds under a job; ended with the test. */
export async function startPrometheus(job: string, targets: readonly string[]): Promise<RunningServer> {
  const folder = serverFolder('prometheus');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const config = {
    global: { scrape_interval: '2s', scrape_timeout: '2s' },
    scrape_configs: [{ job_name: job, static_configs: [{ targets }] }],
  };
  // JSON is YAML.
  writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(config));
  const server = await runServer(
    {
      name: 'prometheus',
      program,
      args: [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(folder, 'tsdb')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--enable-feature=exemplar-storage',
      ],
      options: {},
      stopSignal: 'SIGKILL',
      async answers() {
        const { status } = await fetch(`${url}/-/ready`);
        if (status !== 200) throw new Error(`status ${status}`);
      },
    },
    { port, url, folder },
  );
  onTestFinished(() => server.close());
  return server;
}
