import type { Plan, PlanItem } from './plan';

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
