import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { findOnPath } from '@artel/test-support/programs/findProgram';
import { parseAllDocuments } from 'yaml';

/** One object of the cluster. What is below these fields is for the schemas to judge. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

function isManifest(value: unknown): value is Manifest {
  if (typeof value !== 'object' || value === null) return false;
  const { apiVersion, kind, metadata } = value as Partial<Record<keyof Manifest, unknown>>;
  return (
    typeof apiVersion === 'string' &&
    typeof kind === 'string' &&
    typeof metadata === 'object' &&
    metadata !== null &&
    'name' in metadata &&
    typeof metadata.name === 'string'
  );
}

/** Reads a file of manifests as strictly as YAML allows: a key that comes twice is an error, and so is any warning. */
export function readManifests(text: string): Manifest[] {
  return parseAllDocuments(text, { version: '1.1', strict: true, uniqueKeys: true }).map((document) => {
    const [fault] = [...document.errors, ...document.warnings];
    if (fault) throw fault;
    const value: unknown = document.toJS();
    if (!isManifest(value)) throw new Error('expected a manifest with apiVersion, kind and metadata.name');
    return value;
  });
}

/** The program that renders overlays: kubectl has kustomize built in. */
export const kubectl = process.env['KUBECTL_PATH'] ?? findOnPath(['kubectl']);

const here = fileURLToPath(new URL('.', import.meta.url));

/** What `kubectl apply -k` would send to the cluster, with a warning of kustomize as an error. */
export function render(folder: string): Manifest[] {
  const run = spawnSync(kubectl ?? 'kubectl', ['kustomize', folder], { cwd: here, encoding: 'utf8' });
  if (run.status !== 0 || run.stderr !== '') throw new Error(`kubectl kustomize ${folder}: ${run.stderr}`);
  return readManifests(run.stdout);
}
