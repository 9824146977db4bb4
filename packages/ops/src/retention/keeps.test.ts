import { demandsSomething, readSelector, selects } from '@artel/test-support/fakes/matchers';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { policiesText } from '../../fixtures/policiesText';
import { DAY, lastExpired } from '../duration';
import { deletionSelector, rankLogPolicies, retentionSelector } from './logSelectors';
import { metricClasses, metricKinds, storedNames } from './metricClasses';
import { namesSelector } from './plan/planMetrics';
import type { Policies } from './policySchema';
import { parsePolicies } from './readPolicies';

const house = parsePolicies(policiesText);

const levels = ['debug', 'info', 'warn', 'error', 'fatal'];
const categories = ['security', 'http_request', 'http_error', 'user_action', 'game_event', 'a.b', 'axb'];

/** Policies of logs over two labels, with lengths of any order: only that the longer claims first is relied on. */
const policies = fc
  .record({
    rest: fc.integer({ min: 1, max: 3_000 }),
    claims: fc.array(
      fc.record({
        label: fc.constantFrom('level', 'category', 'service'),
        values: fc.uniqueArray(fc.constantFrom(...levels, ...categories), { minLength: 1, maxLength: 3 }),
        days: fc.integer({ min: 1, max: 3_000 }),
      }),
      { maxLength: 5 },
    ),
  })
  .map(({ rest, claims }): Policies => {
    const policy = (days: number, streams?: { label: string; values: string[] }) => ({
      hot_tier: 1,
      warm_tier: 2,
      cold_tier: 3,
      deletion: days * DAY,
      volume_share: 0,
      ...(streams ? { streams } : {}),
    });
    const logs = Object.fromEntries(
      claims.map(({ label, values, days }, index) => [`claim${index}`, policy(days, { label, values })]),
    );
    return {
      ...house,
      retention_policies: { ...house.retention_policies, logs: { rest: policy(rest), ...logs } },
    };
  });

const stream = fc.record(
  {
    service_name: fc.constantFrom('gateway', 'unknown_service'),
    level: fc.constantFrom(...levels),
    category: fc.constantFrom(...categories),
    service: fc.constantFrom(...levels, 'game-service'),
  },
  { requiredKeys: ['service_name'] },
);

/** How long a stream is kept, by the words of the policy file: the longest that claims it, else the rest. */
function keptFor(
  { retention_policies: { logs } }: Policies,
  labels: Readonly<Record<string, string>>,
): number {
  const all = Object.values(logs);
  const claiming = all.filter(({ streams }) => streams?.values.includes(labels[streams.label] ?? ''));
  const found = claiming.length > 0 ? claiming : all.filter(({ streams }) => streams === undefined);
  return Math.max(...found.map(({ deletion }) => deletion));
}

it('deletes of no stream what the policies keep, and of each what they do not', () => {
  fc.assert(
    fc.property(policies, stream, fc.integer({ min: 0, max: 4_000 * DAY }), (given, labels, age) => {
      const now = Date.parse('2026-03-01T13:14:15Z');
      const ranked = rankLogPolicies(given);
      const deletes = ranked.filter(({ name, policy }) => {
        const matchers = readSelector(deletionSelector(ranked, name));
        expect(demandsSomething(matchers)).toBe(true);
        return selects(matchers, labels) && now - age <= lastExpired(now, policy.deletion);
      });
      const kept = keptFor(given, labels);
      if (age <= kept) expect(deletes).toEqual([]);
      // A day at the most is left for the next plan.
      if (age > kept + DAY) expect(deletes).toHaveLength(1);
    }),
    { numRuns: 1_000 },
  );
});

it('tells Loki’s compactor the same', () => {
  fc.assert(
    fc.property(policies, stream, (given, labels) => {
      const matching = rankLogPolicies(given)
        .filter(({ policy }) => selects(readSelector(retentionSelector(policy)), labels))
        .sort((a, b) => b.priority - a.priority);
      // Loki takes the highest priority.
      expect(matching[0]?.policy.deletion).toBe(keptFor(given, labels));
      expect(new Set(matching.map(({ priority }) => priority)).size).toBe(matching.length);
    }),
    { numRuns: 500 },
  );
});

it('puts every name of a series into one class, and deletes no sample that its class keeps', () => {
  const classes = metricClasses(house);
  const known = [...metricKinds].flatMap(([name, kind]) => storedNames(name, kind));
  const records = classes.flatMap(({ levelsOf }) => known.flatMap(levelsOf).map(({ record }) => record));
  const name = fc.oneof(
    fc.constantFrom(
      ...known,
      ...records,
      'up',
      'service:http_requests:rate5m',
      'downsampled_9h:x:y',
      'app:user_action:increase1d',
      'instance:cpu_busy:ratio_avg5m',
      'service:x:rate1h',
    ),
    fc.stringMatching(/^[a-z_][a-z_:]{0,20}$/),
  );
  fc.assert(
    fc.property(
      fc.uniqueArray(name, { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 0, max: 2_000 * DAY }),
      fc.integer({ min: Date.parse('2025-06-01'), max: Date.parse('2035-01-01') }),
      (names, age, now) => {
        for (const one of names) {
          const own = classes.filter(({ has }) => has(one));
          expect(own).toHaveLength(1);
          const going = classes.filter(
            ({ has, retention }) =>
              now - age <= lastExpired(now, retention) &&
              names.some(has) &&
              selects(readSelector(namesSelector(names.filter(has))), { __name__: one }),
          );
          if (age <= (own[0]?.retention ?? 0)) expect(going).toEqual([]);
          if (age > (own[0]?.retention ?? 0) + DAY) expect(going).toEqual(own);
        }
      },
    ),
    { numRuns: 500 },
  );
});
