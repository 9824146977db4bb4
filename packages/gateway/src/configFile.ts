import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { type FieldIssue, isMapping, type Path } from './configProblems';
import { isSecretField } from './configSchema';

function reasonOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.message : String(error);
}

export type FileReading =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Reads a YAML file. Where it is no YAML, the problems tell line and column and quote nothing: it may hold secrets. */
export function readYaml(path: string): FileReading {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return { ok: false, problems: [`${path}: cannot be read (${reasonOf(error)})`] };
  }
  const document = parseDocument(text);
  if (document.errors.length > 0) {
    const problems = document.errors.map(({ code, linePos }) => {
      const [at] = linePos ?? [];
      const place = at ? `line ${at.line}, column ${at.col}` : 'somewhere';
      return `${path}: is no YAML at ${place}: ${code.toLowerCase().replaceAll('_', ' ')}`;
    });
    return { ok: false, problems };
  }
  const value: unknown = document.toJS() ?? {};
  if (!isMapping(value)) return { ok: false, problems: [`${path}: expected a mapping of fields`] };
  return { ok: true, value };
}

export interface WithSecrets {
  readonly raw: unknown;
  readonly issues: readonly FieldIssue[];
}

/**
 * Puts in place of each `…File` field that names a secret's file what that file holds, as container platforms mount
 * secrets. Relative paths start at `base`.
 */
export function readSecretFiles(raw: unknown, base: string, at: Path = []): WithSecrets {
  if (Array.isArray(raw)) {
    const parts = raw.map((one, index) => readSecretFiles(one, base, [...at, index]));
    return { raw: parts.map((part) => part.raw), issues: parts.flatMap((part) => part.issues) };
  }
  if (!isMapping(raw)) return { raw, issues: [] };
  const fields: Record<string, unknown> = Object.create(null);
  const issues: FieldIssue[] = [];
  for (const [name, value] of Object.entries(raw)) {
    const path = [...at, name];
    const target = name.endsWith('File') ? name.slice(0, -4) : '';
    if (!isSecretField(target)) {
      const inner = readSecretFiles(value, base, path);
      fields[name] = inner.raw;
      issues.push(...inner.issues);
    } else if (typeof value !== 'string' || value === '') {
      issues.push({ path, message: 'expected the path of a file' });
    } else if (raw[target] !== undefined) {
      issues.push({ path, message: `${target} is given too, expected one of the two`, whole: true });
    } else {
      try {
        fields[target] = readFileSync(resolve(base, value), 'utf8').trim();
      } catch (error) {
        issues.push({ path, message: `${value} cannot be read (${reasonOf(error)})`, whole: true });
      }
    }
  }
  return { raw: { ...fields }, issues };
}

/** The directory that a file's relative paths start at: its own, so that a configuration can be moved as a whole. */
export function baseOf(file: string | undefined): string {
  return file === undefined ? process.cwd() : dirname(resolve(file));
}
