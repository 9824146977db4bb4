import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { soon } from '../../../packages/gateway/fixtures/runForwarder';

const program = process.env['PROMETHEUS_PATH'] ?? 'prometheus';

/** Tests with a real Prometheus are skipped where there is none, but never in CI. */
export const withoutPrometheus = spawnSync(program, ['--version']).status !== 0 && !process.env['CI'];

interface QueriedExemplar {
  readonly seriesLabels: Readonly<Record<string, string>>;
  readonly exemplars: readonly {
    readonly labels: Readonly<Record<string, string>>;
    readonly value: string;
    readonly timestamp: number;
  }[];
}

/** A real Prometheus that takes remote write and keeps exemplars. */
export interface Prometheus {
  readonly url: string;
  /** Values by the labels of their series, as JSON. */
  query(expression: string): Promise<Record<string, number>>;
  exemplars(expression: string): Promise<readonly QueriedExemplar[]>;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

/** Starts one that scrapes `targets` (`127.0.0.1:4320`) each second; ended with the test. */
export async function startPrometheus(targets: readonly string[] = []): Promise<Prometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'artel-prometheus-'));
  const port = await freePort();
  const scrape = { job_name: 'gateway', static_configs: [{ targets }] };
  const config = { global: { scrape_interval: '1s', scrape_timeout: '1s' }, scrape_configs: [scrape] };
  // JSON is YAML.
  writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(config));
  const child = spawn(
    program,
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'tsdb')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--web.enable-remote-write-receiver',
      '--enable-feature=exemplar-storage',
    ],
    { stdio: 'ignore' },
  );
  onTestFinished(async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });
  const url = `http://127.0.0.1:${port}`;
  await soon(() => expect(child.exitCode).toBeNull());
  await soon(async () => expect((await fetch(`${url}/-/ready`)).status).toBe(200));

  const ask = async (path: string, query: string): Promise<unknown> => {
    const response = await fetch(
      `${url}/api/v1/${path}?query=${encodeURIComponent(query)}&start=0&end=9999999999`,
    );
    const answer: { data?: unknown } = JSON.parse(await response.text());
    return answer.data;
  };
  return {
    url,
    async query(expression) {
      const data = (await ask('query', expression)) as {
        result?: { metric: Record<string, string>; value: [number, string] }[];
      };
      return Object.fromEntries(
        (data.result ?? []).map(({ metric, value }) => [JSON.stringify(metric), Number(value[1])]),
      );
    },
    exemplars: async (expression) => ((await ask('query_exemplars', expression)) ?? []) as QueriedExemplar[],
  };
}
