import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { policyContradictions } from './policyContradictions';
import { type Policies, policySchema } from './policySchema';

/** The policy file is missing, no YAML, or wrong; each problem names the field. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part, at) => (typeof part === 'number' ? `[${part}]` : `${at > 0 ? '.' : ''}${String(part)}`))
    .join('');
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (found, part) => (typeof found === 'object' && found !== null ? Reflect.get(found, part) : undefined),
    value,
  );
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a mapping' : JSON.stringify(value);
}

function problemOf(raw: unknown, issue: z.core.$ZodIssue): string[] {
  const at = pathText(issue.path);
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => `${at === '' ? '' : `${at}.`}${key}: unknown field`);
  if (issue.code === 'invalid_key') return issue.issues.map(({ message }) => `${at}: ${message}`);
  const message = /^expected/.test(issue.message) ? issue.message : `expected ${issue.message}`;
  const value = valueAt(raw, issue.path);
  if (issue.code === 'invalid_type' && value === undefined) return [`${at}: missing, ${message}`];
  return [`${at}: ${message}, got ${shown(value)}`];
}

/** Reads policies from YAML. Throws a `PolicyError` with every problem that it has. */
export function parsePolicies(text: string): Policies {
  const document = parseDocument(text);
  if (document.errors.length > 0) {
    throw new PolicyError(
      document.errors.map(({ linePos, code }) => {
        const [at] = linePos ?? [];
        return `no YAML at line ${at?.line ?? '?'}, column ${at?.col ?? '?'}: ${code.toLowerCase().replaceAll('_', ' ')}`;
      }),
    );
  }
  const raw: unknown = document.toJS();
  const parsed = policySchema.safeParse(raw);
  if (!parsed.success) throw new PolicyError(parsed.error.issues.flatMap((issue) => problemOf(raw, issue)));
  const contradictions = policyContradictions(parsed.data);
  if (contradictions.length > 0) throw new PolicyError(contradictions);
  return parsed.data;
}

/** Reads the policy file at `path`. Throws a `PolicyError`, whose problems name the file too. */
export function readPolicies(path: string): Policies {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new PolicyError([`${path}: cannot be read (${reason})`]);
  }
  try {
    return parsePolicies(text);
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    throw new PolicyError(error.problems.map((problem) => `${path}: ${problem}`));
  }
}
