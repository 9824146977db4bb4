import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { kubectl, type Manifest, readManifests, render } from './render';
import { KUBERNETES, schemaProblems, typeProblems } from './schemas';

const here = fileURLToPath(new URL('.', import.meta.url));
const overlays = ['overlays/development', 'overlays/production', 'testing/autoscaled'];
const files = readdirSync(here, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.yaml'),
);

const schemaProblemsOf = async (manifests: readonly Manifest[]) =>
  (await Promise.all(manifests.map(schemaProblems))).flat();

it.each(files)('%s is YAML without doubtful places', (name) => {
  // YAML 1.1, as kubectl reads it, without its surprises: what 1.2 reads otherwise (on, 0440) is doubtful.
  const text = readFileSync(join(here, name), 'utf8');
  const [old, current] = (['1.1', '1.2'] as const).map((version) =>
    parseAllDocuments(text, { version, strict: true, uniqueKeys: true }).map((document) => {
      expect([...document.errors, ...document.warnings]).toEqual([]);
      return document.toJS();
    }),
  );
  expect(old).toEqual(current);
});

it.each(['overlays/production/secret.example.yaml', 'maintenance/pod.yaml'])(
  `%s is valid by the schemas of Kubernetes ${KUBERNETES}`,
  async (name) => {
    const manifests = readManifests(readFileSync(join(here, name), 'utf8'));
    expect(await schemaProblemsOf(manifests)).toEqual([]);
    expect(typeProblems(manifests)).toEqual([]);
  },
);

describe.skipIf(!kubectl).each(overlays)('%s, rendered by kustomize', (folder) => {
  it(`is valid by the schemas of Kubernetes ${KUBERNETES}`, async () => {
    expect(await schemaProblemsOf(render(folder))).toEqual([]);
  });

  it('has no field that Kubernetes does not know', () => {
    expect(typeProblems(render(folder))).toEqual([]);
  });

  it('names each object once, all of one namespace', () => {
    const manifests = render(folder);
    const names = manifests.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    expect(new Set(names).size).toBe(names.length);
    const namespaces = new Set(
      manifests
        .filter(({ kind }) => kind !== 'Namespace')
        .map(({ metadata }) => ('namespace' in metadata ? metadata.namespace : undefined)),
    );
    const [namespace] = manifests.filter(({ kind }) => kind === 'Namespace');
    expect([...namespaces]).toEqual([namespace?.metadata.name]);
  });
});

describe.skipIf(!kubectl)('the checks', () => {
  /** The rendered StatefulSet with a slip in it. */
  const spoilt = (from: string | RegExp, to: string): Manifest[] => {
    const manifests = render('overlays/production').filter(({ kind }) => kind === 'StatefulSet');
    const text = JSON.stringify(manifests);
    expect(text).toMatch(from);
    return JSON.parse(text.replace(from, to));
  };

  it('see a field with a slip in its name', () => {
    const [problem = ''] = typeProblems(spoilt('"readOnlyRootFilesystem"', '"readonlyRootFilesystem"'));
    expect(problem).toContain('readonlyRootFilesystem');
  });

  it('see a value that Kubernetes would not read, and a field that is missing', async () => {
    const [quantity = ''] = await schemaProblemsOf(spoilt('"memory":"2Gi"', '"memory":"2 GB"'));
    expect(quantity).toContain('must match format "quantity"');
    const [missing = ''] = await schemaProblemsOf(spoilt('"selector":', '"selektor":'));
    expect(missing).toContain('must have required property selector');
  });
});
