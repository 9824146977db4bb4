import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { browserCatalogue, serviceCatalogue } from '@artel/telemetry-protocol';
import type { AlertRule, RecordingRule } from '../rules/readRules';
import { checkPromql } from './checkPromql';
import { readShapes } from './exposition';
import {
  collectSamples,
  type KnownSample,
  type KnownSamples,
  type MetricShape,
  samplesOf,
  targetLabels,
} from './sample';

/** Where the metrics of programs are kept whose catalogue is their own `/metrics`; a file for each job. */
export const seriesFolder = fileURLToPath(new URL('series/', import.meta.url));

/** The jobs whose metrics are kept there. */
export const keptJobs: readonly string[] = readdirSync(seriesFolder)
  .filter((name) => name.endsWith('.txt'))
  .map((name) => name.slice(0, -'.txt'.length));

/** What is kept of a job. */
export function readKept(job: string): MetricShape[] {
  return readShapes(readFileSync(`${seriesFolder}${job}.txt`, 'utf8'));
}

/** What the gateway adds to an app's series: whose they are where it has tenants, and that there was no room for more. */
const gatewayLabels = ['app', 'environment', 'overflow'];

/** What Prometheus itself makes of every scrape. https://prometheus.io/docs/concepts/jobs_instances/ */
const ofEveryScrape = [
  'up',
  'scrape_duration_seconds',
  'scrape_samples_scraped',
  'scrape_samples_post_metric_relabeling',
  'scrape_series_added',
];

function scraped(): [metric: MetricShape, jobs: readonly string[]][] {
  return [
    ...[...browserCatalogue.values()].map(({ name, kind, labels }): [MetricShape, string[]] => [
      { name, kind, labels: [...labels, ...gatewayLabels] },
      ['artel-gateway'],
    ]),
    ...[...serviceCatalogue.values()].map((metric): [MetricShape, string[]] => [
      metric,
      ['artel-game-service'],
    ]),
    ...keptJobs.flatMap((job) => readKept(job).map((metric): [MetricShape, string[]] => [metric, [job]])),
  ];
}

/** The rules of Prometheus: what is recorded is a series too, and so is what fires. */
export interface Rules {
  readonly alerts: readonly Pick<AlertRule, 'expr' | 'labels'>[];
  readonly recordings: readonly Pick<RecordingRule, 'record' | 'expr'>[];
}

/** The alerts as series, with whatever labels one of them can have. https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/#inspecting-alerts-during-runtime */
function alertSamples(alerts: Rules['alerts'], known: KnownSamples): KnownSample[] {
  const labels = new Set(['alertname', ...targetLabels]);
  for (const { expr, labels: own } of alerts) {
    for (const label of [...Object.keys(own), ...(checkPromql(expr, known).labels ?? [])]) labels.add(label);
  }
  return [
    { name: 'ALERTS', kind: 'gauge', labels: new Set([...labels, 'alertstate']) },
    { name: 'ALERTS_FOR_STATE', kind: 'gauge', labels },
  ];
}

/**
 * Every sample that an expression may name: of the browsers' catalogue and the services', of the programs whose metrics
 * are kept, of each scrape, and of `rules`, whose labels follow from their expressions.
 */
export function knownSeries({ alerts, recordings }: Rules): KnownSamples {
  const metrics = scraped();
  const histograms = new Set(metrics.filter(([{ kind }]) => kind === 'histogram').map(([{ name }]) => name));
  const fixed: KnownSample[] = [
    ...metrics.flatMap(([metric, jobs]) => samplesOf(metric, jobs)),
    ...ofEveryScrape.map((name): KnownSample => ({ name, kind: 'gauge', labels: new Set(targetLabels) })),
  ];
  let known: KnownSamples = { samples: collectSamples(fixed), histograms };
  // A rule may be made of one that stands behind it: each pass knows one more step of such a chain.
  for (let size = -1; size !== known.samples.size; ) {
    size = known.samples.size;
    const recorded = recordings.flatMap(({ record, expr }): KnownSample[] => {
      const { labels, problems } = checkPromql(expr, known);
      return labels && problems.length === 0 ? [{ name: record, kind: 'gauge', labels }] : [];
    });
    known = { samples: collectSamples([...fixed, ...recorded]), histograms };
  }
  return { samples: collectSamples([...known.samples.values(), ...alertSamples(alerts, known)]), histograms };
}
