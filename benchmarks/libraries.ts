import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Counting } from './measure/ledger';

/** A library under measurement. */
export interface Library {
  /** The name of its file in `adapters/`. */
  readonly name: string;
  readonly title: string;
  readonly counting: Counting;
  /** Packages whose versions the report names. */
  readonly packages: readonly string[];
  /**
   * Seconds after the last step of a delivery row in which the library may still send: its longest interval between
   * two flushes, and the retries that follow a failure in that row. Missing events are lost after that.
   */
  readonly patience: number;
}

export const ours: Library = {
  name: 'ours',
  title: 'Artel Telemetry',
  counting: 'batches',
  packages: [],
  patience: 45,
};

export const faro: Library = {
  name: 'faro',
  title: 'Grafana Faro',
  counting: 'ids',
  packages: ['@grafana/faro-web-sdk'],
  // Sends every 250 ms; three attempts, 1 s and 2 s apart, up to 20 % longer.
  patience: 12,
};

export const libraries: readonly Library[] = [
  ours,
  { ...ours, name: 'oursCore', title: 'Artel Telemetry, no integrations' },
  // Sends every 30 s.
  { name: 'seed', title: "The seed's class", counting: 'ids', packages: [], patience: 35 },
  faro,
  // After an outage of 7 s the next attempt is at most 16 s away.
  { ...faro, name: 'faroRetries', title: 'Grafana Faro, more retries', packages: [], patience: 30 },
  // Sends every 5 s, and never again.
  { name: 'sentry', title: 'Sentry', counting: 'ids', packages: ['@sentry/browser'], patience: 12 },
  // Reads its store 5 s after the start; the second retry comes 10 s after the first.
  { name: 'sentryOffline', title: 'Sentry, offline transport', counting: 'ids', packages: [], patience: 30 },
  {
    name: 'otel',
    title: 'OpenTelemetry',
    counting: 'cumulative',
    packages: ['@opentelemetry/sdk-metrics', '@opentelemetry/sdk-logs', '@opentelemetry/sdk-trace-web'],
    // Sends the whole sum every 5 s.
    patience: 15,
  },
  // Sends every 3 s; retries after 3 s, 6 s, 12 s, up to half longer, and looks every 3 s whether one is due.
  { name: 'posthog', title: 'PostHog', counting: 'ids', packages: ['posthog-js'], patience: 30 },
  // Sends every 30 s; retries after 1 s, 2 s, 4 s, 8 s.
  {
    name: 'datadog',
    title: 'Datadog RUM',
    counting: 'ids',
    packages: ['@datadog/browser-rum'],
    patience: 40,
  },
];

const folder = fileURLToPath(new URL('.', import.meta.url));

interface Manifest {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

function readManifest(path: string): Manifest {
  return JSON.parse(readFileSync(path, 'utf8'));
}

const peers = () => Object.entries(readManifest(`${folder}package.json`).dependencies ?? {});

/** Returns names and versions of the libraries' packages, as `package.json` fixes them. */
export function describePackages(): string {
  const versions = new Map(peers());
  return libraries
    .flatMap(({ packages }) => packages)
    .map((name) => `${name} ${versions.get(name)}`)
    .join(', ');
}

/** Installs the peers in `benchmarks/`, where nothing else finds them, without running their install scripts. */
export function installPeers(): void {
  const isInstalled = peers().every(([name, version]) => {
    const manifest = `${folder}node_modules/${name}/package.json`;
    return existsSync(manifest) && readManifest(manifest).version === version;
  });
  if (isInstalled) return;
  console.log('Installing the peers …');
  const args = ['install', '--no-audit', '--no-fund', '--ignore-scripts'];
  const run = spawnSync('npm', args, { cwd: folder, encoding: 'utf8', shell: process.platform === 'win32' });
  if (run.status !== 0) throw new Error(`npm install failed in benchmarks/:\n${run.stdout}${run.stderr}`);
}
