import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prometheusRules } from '@artel/observability/kubernetes/prometheusRules';
import { ConfigMap } from 'kubernetes-models/v1/ConfigMap';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ofKind } from './ofKind';
import { kubectl, render } from './render';
import { schemaProblems } from './schemas';

const observability = fileURLToPath(new URL('../../observability', import.meta.url));
/** What one object of Kubernetes may hold, less what describes it. */
const MAX_BYTES = 1_000_000;

it('the rules are valid objects of the operator, and all the rules that there are', async () => {
  const folder = join(observability, 'prometheus/rules');
  const rules = prometheusRules(folder, 'monitoring');
  expect((await Promise.all(rules.map(schemaProblems))).flat()).toEqual([]);
  const files = readdirSync(folder).filter((name) => name.endsWith('.yml'));
  expect(rules.map(({ spec }) => spec)).toEqual(
    files.sort().map((name) => parse(readFileSync(join(folder, name), 'utf8'))),
  );
  expect(new Set(rules.map(({ metadata }) => metadata.name)).size).toBe(files.length);
  for (const { metadata, spec } of rules) {
    expect(metadata.name).toMatch(/^[a-z0-9][a-z0-9-]*$/);
    expect(JSON.stringify(spec).length).toBeLessThan(MAX_BYTES);
  }
});

describe.skipIf(!kubectl)('the dashboards, rendered by kustomize', () => {
  const folder = join(observability, 'grafana');

  it('are all that there are, each a ConfigMap in the folder that it has in Grafana', async () => {
    const manifests = render(folder);
    expect((await Promise.all(manifests.map(schemaProblems))).flat()).toEqual([]);
    const shown = ofKind(manifests, ConfigMap.is).map(({ metadata, data = {} }) => {
      expect(metadata?.labels).toMatchObject({ grafana_dashboard: '1' });
      const [name = '', text = ''] = Object.entries(data)[0] ?? [];
      expect(text.length).toBeLessThan(MAX_BYTES);
      expect(Object.keys(data)).toHaveLength(1);
      return join(metadata?.annotations?.['grafana_folder'] ?? '', name);
    });
    const there = readdirSync(join(folder, 'dashboards'), { recursive: true, encoding: 'utf8' });
    const files = there.filter((name) => name.endsWith('.json') && dirname(name) !== '.');
    expect(shown.sort()).toEqual(files.sort());
  });
});
