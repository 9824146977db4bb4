import { DAY, lastExpired } from '../../duration';
import { firstSchema, type Loki, type LokiRequest } from '../../stores/loki';
import { deletionSelector, rankLogPolicies } from '../logSelectors';
import type { Policies } from '../policySchema';
import { lokiDrift } from './drift';
import { type Drift, type PlanItem, planItem } from './plan';

export interface LogsPlan {
  readonly items: readonly PlanItem[];
  readonly drift: readonly Drift[];
  readonly notes: readonly string[];
}

/** Loki refuses queries over more than 30 days (`max_query_length`). */
const STEP = 30 * DAY;

/**
 * Looks for lines that Loki's compactor should have deleted and has not: because the policy was made shorter, or because
 * retention was off. Deletes nothing.
 */
export async function planLogs(policies: Policies, loki: Loki, now: number): Promise<LogsPlan> {
  const config = await loki.config();
  const drift = lokiDrift(policies, config);
  const ranked = rankLogPolicies(policies);
  const since = firstSchema(config);
  const asked = await loki.deletions();
  const items: PlanItem[] = [];
  const notes: string[] = [];

  for (const { name, policy } of ranked) {
    const selector = deletionSelector(ranked, name);
    const to = wholeSecond(lastExpired(now, policy.deletion + policies.cleanup.grace));
    if (to <= since) continue;
    const own = asked.filter(({ query }) => query === selector);
    const from = reach(own, since);
    if (own.length > 0) notes.push(await requestNote(loki, name, own, since, Math.min(from, to)));
    if (from >= to) continue;
    const found = await countLines(loki, selector, from, to);
    if (found.entries === 0) continue;
    items.push(
      planItem({
        store: 'loki',
        policy: name,
        selector,
        from,
        to,
        count: found.entries,
        series: found.streams,
      }),
    );
  }
  return { items, drift, notes };
}

/** Whether a deletion that Loki was asked for does all of another. */
export function covers(request: LokiRequest, selector: string, from: number, to: number): boolean {
  return request.query === selector && request.from <= from && request.to >= to;
}

/** Up to when Loki was asked for everything from `since` on: what is asked for once is not asked for again. */
function reach(requests: readonly LokiRequest[], since: number): number {
  return [...requests]
    .sort((a, b) => a.from - b.from)
    .reduce((until, { from, to }) => (from <= until ? Math.max(until, to) : until), since);
}

async function requestNote(
  loki: Loki,
  name: string,
  requests: readonly LokiRequest[],
  since: number,
  until: number,
): Promise<string> {
  const open = requests.filter(({ status }) => status !== 'processed');
  const [first] = open;
  const ids = (some: readonly LokiRequest[]): string => some.map(({ id }) => id).join(', ');
  if (first) return `loki: ${name}: deletion ${ids(open)} is under way (${first.status})`;
  const { entries } = await countLines(loki, requests[0]?.query ?? '', since, until);
  return entries === 0
    ? `loki: ${name}: deletion ${ids(requests)} is done`
    : `loki: ${name}: deletion ${ids(requests)} is done, the index still tells of about ${entries} lines in chunks that reach into what is kept`;
}

const wholeSecond = (at: number): number => Math.floor(at / 1_000) * 1_000;

async function countLines(loki: Loki, selector: string, from: number, to: number) {
  let [entries, streams] = [0, 0];
  for (let at = from; at < to; at += STEP) {
    const part = await loki.stats(selector, at, Math.min(at + STEP, to));
    entries += part.entries;
    streams = Math.max(streams, part.streams);
  }
  return { entries, streams };
}
