import type { Target } from '@artel/test-support/servers/prometheusFiles';

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

/** A target as a test's Prometheus takes it. */
export const scrapeTarget = ({ job, url, service, environment, labels }: DemoTarget): Target => ({
  job,
  address: new URL(url).host,
  labels: { ...labels, service, environment },
});

/** The pages that are scraped, by job. */
export function scrapedPages(targets: readonly DemoTarget[]): ReadonlyMap<string, readonly string[]> {
  const pages = new Map<string, string[]>();
  for (const { job, url, path = '/metrics' } of targets)
    pages.set(job, [...(pages.get(job) ?? []), `${url}${path}`]);
  return pages;
}
