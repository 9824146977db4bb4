import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { checkLogql } from '../queries/checkLogql';
import { checkPromql } from '../queries/checkPromql';
import { knownLogs } from '../queries/knownLogs';
import { knownSeries } from '../queries/knownSeries';
import { readSources, scrapeInterval } from './provisioning';
import { sources } from './sources';

const provisioned = readSources();

/** Every text in a tree of YAML, with the name that it stands under. */
function textsIn(tree: unknown, name = ''): [name: string, text: string][] {
  if (typeof tree === 'string') return [[name, tree]];
  if (typeof tree !== 'object' || tree === null) return [];
  return Object.entries(tree).flatMap(([key, value]) =>
    textsIn(value, Number.isNaN(Number(key)) ? key : name),
  );
}

/** What Grafana reads: `$$` is how provisioning writes a `$`. */
const unescaped = (text: string) => text.replaceAll('$$', '$');

it('has every data source that dashboards name, under its uid, not to be changed by hand', () => {
  const { grafana: _, ...ours } = sources;
  for (const { uid, type } of Object.values(ours)) {
    expect(provisioned.get(uid)).toMatchObject({ type, editable: false });
  }
  expect(provisioned.size).toBe(Object.keys(ours).length);
});

it('leads from one data source only to another that there is', () => {
  const leads = [...provisioned.values()]
    .flatMap(({ jsonData }) => textsIn(jsonData))
    .filter(([name]) => /Uid$/.test(name));
  expect(leads.length).toBeGreaterThan(4);
  for (const [name, uid] of leads) expect([...provisioned.keys()], name).toContain(uid);
});

it('escapes every variable that is for Grafana and not of the environment', () => {
  for (const [name, text] of [...provisioned.values()].flatMap((source) => textsIn(source))) {
    expect(text.replaceAll('$$', ''), name).not.toContain('$');
  }
});

it('tells Grafana of the scrape interval that Prometheus has', () => {
  const prometheus = parse(readFileSync(new URL('../../prometheus/prometheus.yml', import.meta.url), 'utf8'));
  expect(scrapeInterval()).toBe(prometheus.global.scrape_interval);
});

it('asks for the lines and metrics of a trace with what there is', () => {
  const tempo = provisioned.get('tempo')?.jsonData ?? {};
  const queries = textsIn(tempo)
    .filter(([name]) => name === 'query')
    .map(([, text]) => unescaped(text));
  const ofMetrics = queries.filter((text) => text.includes('$__tags'));
  expect(ofMetrics).toHaveLength(3);
  const known = knownSeries({ alerts: [], recordings: [] });
  for (const text of ofMetrics) {
    expect(checkPromql(text.replace('$__tags', 'service="x"'), known).problems, text).toEqual([]);
  }
  const [ofLogs = ''] = queries.filter((text) => !ofMetrics.includes(text));
  const lines = ofLogs.replace(/\$\{__tags\}/, 'service_name="x"').replace(/\$\{__trace\.traceId\}/, 'ab');
  expect(checkLogql(lines, knownLogs)).toEqual([]);
});

it('names for exemplars and lines the label that carries the trace', () => {
  expect(provisioned.get('prometheus')?.jsonData).toMatchObject({
    exemplarTraceIdDestinations: [{ name: 'trace_id', datasourceUid: 'tempo' }],
  });
  expect(knownLogs.fields.has('trace_id')).toBe(true);
});
