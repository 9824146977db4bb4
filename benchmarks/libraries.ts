import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Counting } from './ledger';

/** A library under measurement. */
export interface Library {
  /** Its adapter's file name. */
  readonly name: string;
  readonly title: string;
  readonly counting: Counting;
  /** Packages whose versions the report names. */
  readonly packages: readonly string[];
}

export const ours: Library = { name: 'ours', title: 'Artel Telemetry', counting: 'batches', packages: [] };

export const faro: Library = {
  name: 'faro',
  title: 'Grafana Faro',
  counting: 'ids',
  packages: ['@grafana/faro-web-sdk'],
};

export const libraries: readonly Library[] = [
  ours,
  { name: 'seed', title: "The seed's class", counting: 'ids', packages: [] },
  faro,
  { name: 'sentry', title: 'Sentry', counting: 'ids', packages: ['@sentry/browser'] },
  { name: 'sentryOffline', title: 'Sentry, offline transport', counting: 'ids', packages: [] },
  {
    name: 'otel',
    title: 'OpenTelemetry',
    counting: 'cumulative',
    packages: ['@opentelemetry/sdk-metrics', '@opentelemetry/sdk-logs', '@opentelemetry/sdk-trace-web'],
  },
  { name: 'posthog', title: 'PostHog', counting: 'ids', packages: ['posthog-js'] },
  { name: 'datadog', title: 'Datadog RUM', counting: 'ids', packages: ['@datadog/browser-rum'] },
];

/** The version of a package as the benchmarks' own manifest fixes it. */
export function versionOf(name: string): string {
  const manifest = JSON.parse(
    readFileSync(fileURLToPath(new URL('package.json', import.meta.url)), 'utf8'),
  ) as { readonly dependencies: Readonly<Record<string, string>> };
  return manifest.dependencies[name] ?? 'unknown';
}
