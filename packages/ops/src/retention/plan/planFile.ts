import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { hashOf, type Plan, planItem } from './plan';

const item = z.strictObject({
  id: z.string(),
  store: z.enum(['prometheus', 'loki']),
  policy: z.string(),
  selector: z.string(),
  from: z.number(),
  to: z.number(),
  count: z.number(),
  series: z.number(),
});

const plan = z.strictObject({
  id: z.string(),
  madeAt: z.number(),
  policies: z.string(),
  stores: z.record(z.string(), z.string()),
  items: z.array(item),
  refusals: z.array(
    z.strictObject({
      policy: z.string(),
      series: z.string(),
      from: z.number(),
      to: z.number(),
      reason: z.string(),
      remedy: z.string(),
    }),
  ),
  drift: z.array(
    z.strictObject({
      store: z.enum(['prometheus', 'loki', 'tempo']),
      field: z.string(),
      expected: z.string(),
      found: z.string(),
    }),
  ),
  notes: z.array(z.string()),
});

/** Writes a plan, whole or not at all. */
export function writePlan(path: string, made: Plan): void {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(made, null, 2)}\n`);
  renameSync(draft, path);
}

/** Reads a plan that `writePlan` wrote. Throws where there is none, and where it was changed by hand. */
export function readPlan(path: string): Plan {
  let raw: unknown;
  try {
    raw = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'no JSON';
    throw new Error(`${path}: there is no plan (${reason}); make one with artel-ops retention plan`);
  }
  const parsed = plan.safeParse(raw);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(`${path}: is no plan: ${issue?.path.join('.')}: ${issue?.message}`);
  }
  const { id, policies, stores, items } = parsed.data;
  const ids = items.map((one) => planItem(one).id);
  if (hashOf([policies, stores, ids]) !== id)
    throw new Error(`${path}: was changed since it was made; make another with artel-ops retention plan`);
  return parsed.data;
}
