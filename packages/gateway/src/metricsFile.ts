import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { readYaml } from './configFile';
import { type FieldIssue, isMapping, type Path } from './configProblems';

type Reading = { readonly value: unknown } | { readonly problem: string };

function readModule(path: string): Reading {
  try {
    const exported: unknown = createRequire(path)(path);
    if (!isMapping(exported)) return { problem: 'exports nothing' };
    const value = exported['default'] ?? exported['metrics'];
    return value === undefined
      ? { problem: 'expected the declaration as its default export, or as metrics' }
      : { value };
  } catch (error) {
    return { problem: `cannot be loaded (${error instanceof Error ? error.message.split('\n')[0] : error})` };
  }
}

function readDeclaration(path: string): Reading {
  if (/\.[cm]?js$/.test(path)) return readModule(path);
  const file = readYaml(path);
  // The path is said already by who asks.
  return file.ok
    ? file
    : { problem: file.problems.map((problem) => problem.replace(`${path}: `, '')).join(', ') };
}

/**
 * Puts in place of each `metrics` that is the path of a file, at the top and in the tenants, what the file declares:
 * JSON, YAML, or a JavaScript module. Relative paths start at `base`.
 */
export function readMetricsFiles(
  raw: unknown,
  base: string,
  at: Path = [],
): { readonly raw: unknown; readonly issues: readonly FieldIssue[] } {
  if (!isMapping(raw)) return { raw, issues: [] };
  const issues: FieldIssue[] = [];
  const fields: Record<string, unknown> = { ...raw };
  const { metrics, tenants } = raw;
  if (typeof metrics === 'string') {
    const reading = readDeclaration(resolve(base, metrics));
    if ('problem' in reading) {
      issues.push({ path: [...at, 'metrics'], message: `${metrics} ${reading.problem}`, whole: true });
      delete fields['metrics'];
    } else fields['metrics'] = reading.value;
  }
  if (at.length === 0 && Array.isArray(tenants)) {
    fields['tenants'] = tenants.map((tenant, index) => {
      const inner = readMetricsFiles(tenant, base, ['tenants', index]);
      issues.push(...inner.issues);
      return inner.raw;
    });
  }
  return { raw: fields, issues };
}
