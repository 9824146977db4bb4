import type { TargetGroup } from '@artel/test-support/servers/prometheusFolder';

/** One target of a job of prometheus.yml. */
export interface DemoTarget {
  readonly job: string;
  /** Where it answers, without the path. */
  readonly url: string;
  readonly service: string;
  readonly environment: string;
  /** What the job asks for, as prometheus.yml says it; `/metrics` where left out. */
  readonly path?: string;
  /** Further labels, which relabelling reads. */
  readonly labels?: Readonly<Record<string, string>>;
}

function byJob<Item>(
  targets: readonly DemoTarget[],
  make: (target: DemoTarget) => Item,
): ReadonlyMap<string, readonly Item[]> {
  const jobs = new Map<string, Item[]>();
  for (const target of targets) jobs.set(target.job, [...(jobs.get(target.job) ?? []), make(target)]);
  return jobs;
}

/** Targets as `file_sd_configs` reads them, by job. */
export const targetGroups = (targets: readonly DemoTarget[]): ReadonlyMap<string, readonly TargetGroup[]> =>
  byJob(targets, ({ url, service, environment, labels }) => ({
    targets: [new URL(url).host],
    labels: { ...labels, service, environment },
  }));

/** The pages that are scraped, by job. */
export const scrapedPages = (targets: readonly DemoTarget[]): ReadonlyMap<string, readonly string[]> =>
  byJob(targets, ({ url, path = '/metrics' }) => `${url}${path}`);
