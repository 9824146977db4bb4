import type { Fields, Scalar } from '@artel/telemetry-protocol';

/** Characters of one record's fields together. */
const BUDGET = 10_240;

/** Leaves out what makes a line too long, so that a batch never outgrows a beacon for one record's sake. */
export function fitFields(fields: Fields): Fields {
  const kept: Record<string, Scalar> = {};
  let left = BUDGET;
  for (const [name, value] of Object.entries(fields)) {
    const text =
      typeof value === 'string' && value.length > left ? `${value.slice(0, Math.max(0, left))}…` : value;
    left -= name.length + (typeof text === 'string' ? text.length : 8);
    kept[name] = text;
    if (left <= 0) break;
  }
  return kept;
}
