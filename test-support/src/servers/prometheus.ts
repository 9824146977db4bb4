import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMissing, pathOf } from '../programs/findProgram';
import { freePort } from '../programs/port';
import { answers } from '../programs/waitUntil';
import { createPrometheusApi, type PrometheusApi } from './prometheusApi';
import { type RepositoryFiles, writePrometheusFiles } from './prometheusFiles';
import { type RunningServer, serverFolder, startServer } from './runningServer';

/** Where there is no Prometheus the tests are skipped; in CI they fail. */
export const withoutPrometheus = isMissing('prometheus', 'promtool');

export type RunningPrometheus = RunningServer & PrometheusApi;

export interface PrometheusOptions {
  /** What is scraped each second: by job, `host:port` of each target. */
  readonly jobs?: Readonly<Record<string, readonly string[]>>;
  /** In place of `jobs`, the repository's own configuration and rules; Prometheus scrapes itself too. */
  readonly repository?: RepositoryFiles;
  /** Labels of Prometheus itself as a target of the repository's configuration. */
  readonly itself?: Readonly<Record<string, string>>;
  /** Its own folder; by default an empty one. Its data is in `data`. */
  readonly folder?: string;
  /** What people and links call it. */
  readonly externalUrl?: string;
  /** Further flags. */
  readonly flags?: readonly string[];
}

const interval = { scrape_interval: '1s', scrape_timeout: '1s' };

/** Starts a real Prometheus on a free port, which keeps exemplars and takes remote write, and waits until it is ready. */
export async function startPrometheus({
  jobs = {},
  repository,
  itself = { service: 'prometheus', environment: 'development' },
  folder = serverFolder('prometheus'),
  externalUrl,
  flags = [],
}: PrometheusOptions = {}): Promise<RunningPrometheus> {
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  const url = `http://${address}`;
  const writeOwn = (): string => {
    const path = join(folder, 'prometheus.yml');
    const scrape = Object.entries(jobs).map(([job_name, targets]) => ({
      job_name,
      static_configs: [{ targets }],
    }));
    // JSON is YAML.
    writeFileSync(path, JSON.stringify({ global: interval, scrape_configs: scrape }));
    return path;
  };
  const writeRepository = ({ targets, ...files }: RepositoryFiles): string =>
    writePrometheusFiles(folder, {
      ...files,
      targets: [...targets, { job: 'prometheus', address, labels: itself }],
    });
  const server = await startServer(
    {
      name: 'prometheus',
      command: pathOf('prometheus'),
      args: [
        `--config.file=${repository ? writeRepository(repository) : writeOwn()}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=${address}`,
        ...(externalUrl ? [`--web.external-url=${externalUrl}`, '--web.route-prefix=/'] : []),
        '--web.enable-remote-write-receiver',
        '--web.enable-admin-api',
        '--enable-feature=exemplar-storage',
        ...flags,
      ],
      ready: () => answers(`${url}/-/ready`),
    },
    { port, url, folder },
  );
  return { ...server, ...createPrometheusApi(url) };
}
