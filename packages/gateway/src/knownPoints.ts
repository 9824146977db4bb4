import { limits, type MetricPoint } from '@artel/telemetry-protocol';
import { amountProblem, checkPoint, type Read } from '@artel/telemetry-protocol/check';
import { createPointText, type PointHead, type PointText } from './pointText';
import type { Resolution } from './resolveMetric';
import type { Tenant } from './tenants';

/** The points of most batches are of series that were met before: they are not checked and looked for again. */
export interface KnownPoints {
  /** `checkPoint`, with a memory for names and labels. */
  readonly read: Read<MetricPoint>;
  /** Parses the texts of batches whose points are known by their text; `read` has nothing to check in them any more. */
  readonly parse: PointText;
  /** The series, in a tenant, of a point that `read` has passed. */
  resolve(point: MetricPoint, tenant: Tenant): Resolution;
}

export interface KnownPointsOptions {
  readonly resolve: (point: MetricPoint, tenant: Tenant) => Resolution;
  /** The most names and labels that are remembered; over it all are forgotten, and learnt anew. */
  readonly max?: number;
}

const MAX_KNOWN = 20_000;
/** In UTF-16 units. What is longer is no series that comes often. */
const MAX_KEY = 512;

/** One name with one set of labels, and what the tenant that sent it last makes of them. */
interface Slot {
  tenant?: Tenant;
  resolution?: Resolution & { readonly ok: true };
}

const SLOT = Symbol('slot');

interface KnownPoint extends MetricPoint {
  [SLOT]?: Slot;
}

/**
 * Name, labels and whether it brings `values`, which tells the kind of an unknown metric. Nothing of it is checked yet,
 * so every part stands behind its length: otherwise a name with line feeds in it could pass for one that was checked,
 * with its labels. `undefined` for what is not worth remembering, or not a point.
 */
function keyOf({ name, labels, values }: Readonly<Record<string, unknown>>): string | undefined {
  if (typeof name !== 'string') return undefined;
  let key = `${values === undefined ? '' : '[]'}${name.length}\n${name}`;
  if (labels === undefined) return key;
  if (typeof labels !== 'object' || labels === null || Array.isArray(labels)) return undefined;
  for (const label in labels) {
    const value: unknown = (labels as Record<string, unknown>)[label];
    if (typeof value !== 'string') return undefined;
    key += `${label.length}\n${label}${value.length}\n${value}`;
  }
  return key.length > MAX_KEY ? undefined : key;
}

export function createKnownPoints({ resolve, max = MAX_KNOWN }: KnownPointsOptions): KnownPoints {
  const slots = new Map<string, Slot>();

  const read = (input: unknown): KnownPoint | string => {
    if (typeof input !== 'object' || input === null) return checkPoint(input);
    const point = input as KnownPoint;
    // What has been read before; nothing that comes in from outside has a symbol.
    if (point[SLOT]) return point;
    const key = keyOf(input as Record<string, unknown>);
    let slot = key === undefined ? undefined : slots.get(key);
    if (slot) {
      const problem = amountProblem(input as Record<string, unknown>);
      if (problem) return problem;
    } else {
      const checked = checkPoint(input);
      if (typeof checked === 'string' || key === undefined) return checked;
      if (slots.size >= max) slots.clear();
      slot = {};
      slots.set(key, slot);
    }
    point[SLOT] = slot;
    return point;
  };

  const headOf = (point: object): PointHead | undefined => {
    const one = read({ ...point, value: 1 });
    const many = read({ ...point, values: [1] });
    if (typeof one === 'string' || typeof many === 'string') return undefined;
    const { name, labels, [SLOT]: valueSlot } = one;
    const { [SLOT]: valuesSlot } = many;
    if (!labels || !valueSlot || !valuesSlot) return undefined;
    // Field by field: an object that is spread costs ten times as much.
    return {
      withValue: (timestamp, value): KnownPoint => ({ name, labels, timestamp, value, [SLOT]: valueSlot }),
      withValues: (timestamp, values): KnownPoint => ({
        name,
        labels,
        timestamp,
        values,
        [SLOT]: valuesSlot,
      }),
    };
  };

  return {
    read,
    parse: createPointText({ headOf, max }),
    resolve(point, tenant) {
      const slot = (point as KnownPoint)[SLOT];
      const known = slot?.tenant === tenant ? slot.resolution : undefined;
      // A counter takes one value of a size that a histogram's may have; the rest of it is in the name and labels.
      if (known && (known.family.kind === 'histogram' || isIncrement(point))) return known;
      const resolution = resolve(point, tenant);
      if (slot && resolution.ok) {
        slot.tenant = tenant;
        slot.resolution = resolution;
      }
      return resolution;
    },
  };
}

function isIncrement({ value = 1, values }: MetricPoint): boolean {
  return values === undefined && value <= limits.counterIncrement;
}
