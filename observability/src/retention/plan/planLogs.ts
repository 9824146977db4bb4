import { z } from 'zod';
import { DAY, formatDuration, parseDuration } from '../duration';
import { lokiRetention } from '../generate/lokiConfig';
import { deletionSelector, rankLogPolicies } from '../logSelectors';
import type { Policies } from '../policySchema';
import type { Loki, LokiRequest } from '../stores/loki';
import { lastExpired } from './expiry';
import { fieldAt, fieldText } from './fieldAt';
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
    const found = await countLines(loki, selector, since, to);
    const earlier = asked.find((one) => covers(one, selector, since, to));
    if (earlier) {
      notes.push(requestNote(name, earlier, found.entries));
      continue;
    }
    if (found.entries === 0) continue;
    items.push(
      planItem({
        store: 'loki',
        policy: name,
        selector,
        from: since,
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

function requestNote(name: string, { id, status }: LokiRequest, entries: number): string {
  if (status !== 'processed') return `loki: ${name}: deletion ${id} is under way (${status})`;
  return entries === 0
    ? `loki: ${name}: deletion ${id} is done`
    : `loki: ${name}: deletion ${id} is done, the index still tells of about ${entries} lines in chunks that reach into what is kept`;
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

/** Nothing in a Loki is older than its first schema. */
function firstSchema(config: unknown): number {
  const schemas = z
    .object({ schema_config: z.object({ configs: z.array(z.object({ from: z.coerce.date() })) }) })
    .safeParse(config);
  const times = schemas.success ? schemas.data.schema_config.configs.map(({ from }) => from.getTime()) : [];
  if (times.length > 0) return Math.min(...times);
  throw new Error('loki: /config: schema_config.configs tells no day from which on there can be lines');
}

function lokiDrift(policies: Policies, config: unknown): Drift[] {
  const drift: Drift[] = [];
  const check = (field: string, expected: string, agrees: (found: unknown) => boolean): void => {
    const found = fieldAt(config, field);
    if (!agrees(found)) drift.push({ store: 'loki', field, expected, found: fieldText(found) });
  };
  const lasts = (text: string) => (found: unknown) => parseDuration(fieldText(found)) === parseDuration(text);
  const wanted = lokiRetention(policies);
  check('limits_config.retention_period', wanted.retention_period, lasts(wanted.retention_period));
  check('compactor.retention_enabled', 'true', (found) => found === true);
  check('compactor.delete_request_store', 'a store', (found) => typeof found === 'string' && found !== '');
  check('limits_config.deletion_mode', 'filter-and-delete', (found) => found === 'filter-and-delete');
  check('limits_config.allow_structured_metadata', 'true', (found) => found === true);
  const streams = z
    .array(z.object({ selector: z.string(), priority: z.number(), period: z.string() }))
    .safeParse(fieldAt(config, 'limits_config.retention_stream'));
  const found = new Map(streams.success ? streams.data.map((one) => [one.selector, one]) : []);
  for (const { selector, priority, period } of wanted.retention_stream) {
    const field = `limits_config.retention_stream ${selector}`;
    const one = found.get(selector);
    found.delete(selector);
    const expected = `${period}, priority ${priority}`;
    if (!one) drift.push({ store: 'loki', field, expected, found: 'nothing' });
    else if (parseDuration(one.period) !== parseDuration(period) || one.priority !== priority)
      drift.push({ store: 'loki', field, expected, found: `${one.period}, priority ${one.priority}` });
  }
  for (const { selector, period } of found.values())
    drift.push({
      store: 'loki',
      field: `limits_config.retention_stream ${selector}`,
      expected: 'nothing',
      found: formatDuration(parseDuration(period) ?? 0, 'h'),
    });
  return drift;
}
