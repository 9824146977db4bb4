import { createHash } from 'node:crypto';

/** One deletion of a plan. Times are Unix ms, both ends belong to it. */
export interface PlanItem {
  /** Hash of all the rest. */
  readonly id: string;
  readonly store: 'prometheus' | 'loki';
  /** The class of series or the log policy that it follows. */
  readonly policy: string;
  /** What exactly is deleted: a series selector of Prometheus, or a LogQL query. */
  readonly selector: string;
  readonly from: number;
  readonly to: number;
  /** Samples or lines that it deletes; of lines an estimate of Loki's index. */
  readonly count: number;
  /** Series or streams that they are of. */
  readonly series: number;
}

/** What is old enough to go and stays for now, and why. */
export interface Refusal {
  readonly policy: string;
  readonly series: string;
  readonly from: number;
  readonly to: number;
  readonly reason: string;
  /** What would make it good. */
  readonly remedy: string;
}

/** Where a store runs otherwise than the policies have it. */
export interface Drift {
  readonly store: 'prometheus' | 'loki' | 'tempo';
  readonly field: string;
  readonly expected: string;
  readonly found: string;
}

/** What `plan` found and `apply` would do. */
export interface Plan {
  /** Hash of policies, stores and items: the same plan has the same id whenever it is made. */
  readonly id: string;
  /** Unix ms. */
  readonly madeAt: number;
  /** Hash of the policies that it follows. */
  readonly policies: string;
  /** The stores that were looked at, by name; one that was not given is not here. */
  readonly stores: Readonly<Record<string, string>>;
  readonly items: readonly PlanItem[];
  readonly refusals: readonly Refusal[];
  readonly drift: readonly Drift[];
  /** What else is worth knowing, such as deletions that are under way. */
  readonly notes: readonly string[];
}

/** The first 16 hex digits of the SHA-256 of a value's JSON, whose fields have a fixed order. */
export function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}

/** Makes an item with its id. */
export function planItem({
  store,
  policy,
  selector,
  from,
  to,
  count,
  series,
}: Omit<PlanItem, 'id'>): PlanItem {
  const item = { store, policy, selector, from, to, count, series };
  return { id: hashOf(item), ...item };
}

const at = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');
const number = (count: number): string => count.toLocaleString('en-US');

function itemText({ id, store, policy, selector, from, to, count, series }: PlanItem): string {
  const what =
    store === 'prometheus'
      ? `${number(count)} samples of ${number(series)} series`
      : `about ${number(count)} lines of ${number(series)} streams`;
  return `  ${id}  ${store}, ${policy}\n    ${selector}\n    from ${at(from)} to ${at(to)}: ${what}\n`;
}

/** A plan for people: what goes, what is refused, what differs, and the plan's id. */
export function renderPlan(plan: Plan): string {
  const { id, madeAt, stores, items, refusals, drift, notes } = plan;
  const part = (title: string, lines: readonly string[]): string =>
    lines.length === 0 ? '' : `${title}\n${lines.join('')}`;
  const looked = Object.entries(stores).map(([name, url]) => `${name} at ${url}`);
  return [
    `Plan ${id}, made ${at(madeAt)} of ${looked.length > 0 ? looked.join(', ') : 'no store: none was given'}\n`,
    items.length === 0 ? 'Nothing to delete.\n' : part('To delete:', items.map(itemText)),
    part(
      'Refused, although it is old enough:',
      refusals.map(
        ({ policy, series, reason, remedy }) => `  ${series} (${policy}): ${reason}\n    ${remedy}\n`,
      ),
    ),
    part(
      'Runs otherwise than the policies have it:',
      drift.map(
        ({ store, field, expected, found }) => `  ${store}: ${field}: expected ${expected}, found ${found}\n`,
      ),
    ),
    part(
      'Notes:',
      notes.map((note) => `  ${note}\n`),
    ),
  ].join('');
}
