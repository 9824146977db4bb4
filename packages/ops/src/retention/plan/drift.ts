import { z } from 'zod';
import { DAY, formatDuration, parseDuration } from '../../duration';
import type { Prometheus } from '../../stores/prometheus';
import type { Tempo } from '../../stores/tempo';
import { lokiRetention } from '../generate/lokiConfig';
import { tempoRetention } from '../generate/tempoConfig';
import type { MetricClass } from '../metricClasses';
import type { Policies } from '../policySchema';
import type { Drift } from './plan';

/** The value at a path of fields, or `undefined`. */
function fieldAt(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (found, name) =>
        typeof found === 'object' && found !== null && Object.hasOwn(found, name)
          ? Reflect.get(found, name)
          : undefined,
      value,
    );
}

/** A value as a message shows it. */
function fieldText(value: unknown): string {
  if (value === undefined || value === null || value === '') return 'nothing';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Where Prometheus keeps samples for another time than the policies say, or lacks what deletion needs. */
export async function prometheusDrift(
  prometheus: Prometheus,
  classes: readonly MetricClass[],
): Promise<Drift[]> {
  const flags = await prometheus.flags();
  const longest = Math.max(...classes.map(({ retention }) => retention));
  const drift: Drift[] = [];
  const differs = (field: string, expected: string, found: string | undefined): void => {
    drift.push({ store: 'prometheus', field, expected, found: found ?? 'nothing' });
  };
  const time = flags['storage.tsdb.retention.time'];
  // As Prometheus prints what it was not given.
  const kept = parseFlag(time);
  if (kept < longest) differs('--storage.tsdb.retention.time', `${formatDuration(longest)} or more`, time);
  const size = flags['storage.tsdb.retention.size'] ?? '0B';
  if (!/^0\w*$/.test(size))
    differs('--storage.tsdb.retention.size', 'none: it deletes what the policies keep', size);
  if (flags['web.enable-admin-api'] !== 'true')
    differs('--web.enable-admin-api', 'true', flags['web.enable-admin-api']);
  const rules = [...(await prometheus.rules())];
  for (const { name, has } of classes.filter((one) => / at /.test(one.name))) {
    const own = rules.filter(([record]) => has(record));
    if (own.length === 0) differs(`rules of ${name}`, 'loaded', 'none');
    for (const [record, health] of own)
      if (health === 'err') differs(`rule ${record}`, 'to be healthy', health);
  }
  return drift;
}

/** Prometheus prints `0s` for its default of 15 days. */
function parseFlag(text: string | undefined): number {
  const ms = text === undefined ? 0 : (parseDuration(text) ?? 0);
  return ms === 0 ? 15 * DAY : ms;
}

/** Where Loki, as `config` shows it running, keeps lines for another time than the policies say. */
export function lokiDrift(policies: Policies, config: unknown): Drift[] {
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

/** Of Tempo 2, then of Tempo 3. */
const DEFAULTS = ['compactor.compaction.block_retention', 'backend_worker.compaction.block_retention'];

/**
 * Where Tempo keeps blocks for other times than the policies have it. There is nothing to plan: Tempo deletes whole blocks
 * when their time is over, and has no way to delete a trace.
 */
export async function tempoDrift(policies: Policies, tempo: Tempo): Promise<readonly Drift[]> {
  const [config, overrides] = [await tempo.config(), await tempo.overrides()];
  const drift: Drift[] = [];
  if (fieldAt(config, 'multitenancy_enabled') !== true)
    drift.push({
      store: 'tempo',
      field: 'multitenancy_enabled',
      expected: 'true',
      found: fieldText(fieldAt(config, 'multitenancy_enabled')),
    });
  const general = DEFAULTS.map((path) => fieldAt(config, path)).find((found) => found !== undefined);
  const own = fieldAt(overrides, 'overrides');
  for (const [tenant, retention] of tempoRetention(policies)) {
    const tenantLimits =
      typeof own === 'object' && own !== null && Object.hasOwn(own, tenant)
        ? Reflect.get(own, tenant)
        : undefined;
    const found =
      fieldAt(tenantLimits, 'compaction.block_retention') ??
      fieldAt(tenantLimits, 'block_retention') ??
      general;
    if (parseDuration(fieldText(found)) === retention) continue;
    drift.push({
      store: 'tempo',
      field: `block_retention of tenant ${tenant}`,
      expected: formatDuration(retention, 'h'),
      found: fieldText(found),
    });
  }
  return drift;
}
