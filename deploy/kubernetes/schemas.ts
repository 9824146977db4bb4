import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import type { Manifest } from './render';

/** Of Kubernetes: what kubernetes-models 4.5 is generated from. All that is used here is in newer ones too. */
export const KUBERNETES = '1.33';

/** The module that has the schema and the type of a kind. */
function moduleOf({ apiVersion, kind }: Manifest): string {
  const models = apiVersion.startsWith('monitoring.coreos.com/')
    ? '@kubernetes-models/prometheus-operator'
    : 'kubernetes-models';
  return `${models}/${apiVersion}/${kind}`;
}

interface Model {
  /** Throws what the schema has to say. */
  validate(): void;
}

type ModelClass = new (data: Manifest) => Model;

function isModelClass(value: unknown): value is ModelClass {
  return typeof value === 'function' && value.prototype !== undefined && 'validate' in value.prototype;
}

/** What the cluster's OpenAPI schema says against a manifest: values, formats, what is missing. */
export async function schemaProblems(manifest: Manifest): Promise<string[]> {
  const name = `${manifest.kind}/${manifest.metadata.name}`;
  const module: Record<string, unknown> = await import(/* @vite-ignore */ moduleOf(manifest));
  const Kind = module[manifest.kind];
  if (!isModelClass(Kind)) return [`${name}: ${moduleOf(manifest)} has no ${manifest.kind}`];
  try {
    new Kind(manifest).validate();
    return [];
  } catch (error) {
    return [`${name}: ${error instanceof Error ? error.message : String(error)}`];
  }
}

const options: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  target: ts.ScriptTarget.ES2022,
  types: [],
};

/**
 * The fields that Kubernetes does not know, and those of another type. The schemas take any field beside those that
 * they list, and the cluster drops it in silence: a `readonlyRootFilesystem` would protect nothing. To TypeScript such
 * a field in a literal is an error, so each manifest is written down as a literal of its kind's type and compiled.
 */
export function typeProblems(manifests: readonly Manifest[]): string[] {
  const lines = manifests.flatMap((manifest, at) => [
    `import type { I${manifest.kind} as Kind${at} } from '${moduleOf(manifest)}';`,
    `export const manifest${at}: Kind${at} = ${JSON.stringify(manifest, undefined, 1)};`,
  ]);
  // Here, so that the modules are found as they are from any other file of this folder.
  const path = fileURLToPath(new URL('manifests.virtual.ts', import.meta.url));
  const source = ts.createSourceFile(path, lines.join('\n'), ts.ScriptTarget.ES2022, true);
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.getSourceFile = (name, ...rest) => (name === path ? source : getSourceFile(name, ...rest));
  host.fileExists = (name) => name === path || fileExists(name);
  return ts
    .getPreEmitDiagnostics(ts.createProgram([path], options, host))
    .map(({ messageText, file, start }) => {
      const text = ts.flattenDiagnosticMessageText(messageText, '\n');
      const line = file && start !== undefined ? file.text.slice(start).split('\n', 1)[0] : '';
      return `${text} (at ${line})`;
    });
}
