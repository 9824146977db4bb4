import { z } from 'zod';
import { isSecretField } from './configSchema';

/** Where a field is in the configuration. */
export type Path = readonly PropertyKey[];

/** One thing that is wrong with a field. */
export interface FieldIssue {
  readonly path: Path;
  /** What was expected there, or a whole sentence where `whole` is set. */
  readonly message: string;
  readonly whole?: boolean;
}

/** `['tenants', 0, 'origins', 1]` as `tenants[0].origins[1]`. */
export function pathText(path: Path): string {
  return path
    .map((part, at) => (typeof part === 'number' ? `[${part}]` : `${at > 0 ? '.' : ''}${String(part)}`))
    .join('');
}

export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function valueAt(value: unknown, path: Path): unknown {
  let found = value;
  for (const part of path) {
    if (Array.isArray(found) && typeof part === 'number') found = found[part];
    else if (isMapping(found) && Object.hasOwn(found, part)) found = found[String(part)];
    else return undefined;
  }
  return found;
}

/** A text that may be a URL, without the user and password of it. */
export function withoutCredentials(text: string): string {
  return text.replace(/\/\/[^/?#]*@/g, '//…@');
}

/**
 * As much for what was meant to be one: an odd password makes it no URL, and shall not be shown for that; nor its half,
 * where a comma in it was taken for the end of the URL.
 */
function withoutAnyCredentials(text: string): string {
  const [, scheme = '', rest = ''] = /^(\w+:\/\/)?(.*)$/s.exec(text) ?? [];
  if (rest.includes('@')) return `${scheme}…@${rest.slice(rest.lastIndexOf('@') + 1)}`;
  return /:(?!\d+(?:\/|$))/.test(rest) ? `${scheme}…` : text;
}

/** A value as a message may quote it: short, and of a secret nothing but how long it is. */
export function shown(value: unknown, path: Path): string {
  const secret = path.some((part) => typeof part === 'string' && isSecretField(part));
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (secret) return typeof value === 'string' ? String(value.length) : `a ${typeof value}`;
  if (typeof value !== 'string') return String(value);
  const text = path[0] === 'redis' ? withoutAnyCredentials(value) : withoutCredentials(value);
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

/** Levenshtein's distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (const [i, char] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const change = (row[j] ?? 0) + (char === other ? 0 : 1);
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

function nearest(name: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map((other) => ({ other, by: distance(name.toLowerCase(), other.toLowerCase()) }))
    .sort((a, b) => a.by - b.by);
  return best && best.by <= Math.max(2, Math.floor(name.length / 3)) ? best.other : undefined;
}

/** The schema's parts that a value at one more step of the path is checked by: of a union, those of all its options. */
function below(schema: z.core.$ZodType, part: PropertyKey | undefined): z.core.$ZodType[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return below(schema.def.innerType, part);
  if (schema instanceof z.ZodPipe) return below(schema.def.in, part);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => below(option, part));
  if (part === undefined) return [schema];
  if (schema instanceof z.ZodArray) return [schema.element];
  if (schema instanceof z.ZodRecord) return [schema.valueType];
  if (schema instanceof z.ZodObject) {
    const field: z.core.$ZodType | undefined = schema.shape[String(part)];
    return field ? [field] : [];
  }
  return [];
}

/** Names of the fields that may stand at a path, with those that name a secret's file. */
function fieldsAt(schema: z.core.$ZodType, path: Path): string[] {
  let schemas: z.core.$ZodType[] = [schema];
  for (const part of path) schemas = schemas.flatMap((one) => below(one, part));
  return schemas
    .flatMap((one) => below(one, undefined))
    .flatMap((one) => (one instanceof z.ZodObject ? Object.keys(one.shape) : []))
    .flatMap((name) => (isSecretField(name) ? [name, `${name}File`] : [name]));
}

function unknownField(schema: z.core.$ZodType, path: Path, key: string): FieldIssue {
  const known = fieldsAt(schema, path);
  const guess = nearest(key, known);
  const hint = guess ? `did you mean ${guess}?` : `expected one of ${[...new Set(known)].sort().join(', ')}`;
  return { path: [...path, key], message: `unknown field, ${hint}`, whole: true };
}

/** Zod's issues one by one: each unknown field apart, and of a union's options the one that came nearest. */
export function flattenIssues(
  schema: z.core.$ZodType,
  issues: readonly z.core.$ZodIssue[],
  base: Path = [],
): FieldIssue[] {
  return issues.flatMap((issue): FieldIssue[] => {
    const path = [...base, ...issue.path];
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownField(schema, path, key));
    if (issue.code === 'invalid_union' && issue.errors.length > 0 && !issue.message.startsWith('expected ')) {
      const branches = issue.errors.map((errors) => flattenIssues(schema, errors, path));
      const deepest = (branch: readonly FieldIssue[]): number =>
        Math.max(...branch.map((one) => one.path.length));
      const [best = []] = branches.sort((a, b) => deepest(b) - deepest(a) || a.length - b.length);
      return best;
    }
    const message = issue.message
      .replace(/^Invalid (?:input|discriminator value)[.:] */, '')
      .replace(/, received .*$/, '')
      .replace(/^Expected /, 'expected ');
    return [
      { path, message, ...(/^expected /.test(message) && !/, got /.test(message) ? {} : { whole: true }) },
    ];
  });
}
