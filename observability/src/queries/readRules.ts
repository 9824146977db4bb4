import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** One rule of Prometheus: it records under `record`, or alerts under `alert`. */
export interface Rule {
  readonly file: string;
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

interface RuleFile {
  readonly groups: readonly { readonly rules: readonly Partial<Rule>[] }[];
}

const folder = fileURLToPath(new URL('../../prometheus/rules', import.meta.url));

/** All rules of the repository, file by file, in their order. */
export function readRules(): Rule[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.yml'));
  return files.sort().flatMap((file) => {
    const { groups }: RuleFile = parse(readFileSync(join(folder, file), 'utf8'));
    return groups.flatMap(({ rules }) =>
      rules.map(({ record, alert, expr, labels, annotations }) => ({
        file,
        ...(record === undefined ? {} : { record }),
        ...(alert === undefined ? {} : { alert }),
        expr: String(expr),
        labels: labels ?? {},
        annotations: annotations ?? {},
      })),
    );
  });
}
