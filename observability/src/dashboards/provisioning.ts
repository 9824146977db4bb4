import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** One data source as Grafana is provisioned with it. */
export interface ProvisionedSource {
  readonly uid: string;
  readonly type: string;
  readonly editable: boolean;
  readonly jsonData: Readonly<Record<string, unknown>>;
}

function readFile(path: string): unknown {
  return parse(readFileSync(new URL(`../../grafana/provisioning/${path}`, import.meta.url), 'utf8'));
}

/** The data sources that Grafana is provisioned with, by uid. */
export function readSources(): ReadonlyMap<string, ProvisionedSource> {
  // Its form is checked by the tests beside.
  const { datasources } = readFile('datasources/artel.yml') as { datasources: readonly ProvisionedSource[] };
  return new Map(datasources.map((source) => [source.uid, source]));
}

/** Time between two scrapes, as the data source of Prometheus tells Grafana: `5s`. */
export function scrapeInterval(): string {
  return String(readSources().get('prometheus')?.jsonData['timeInterval']);
}
