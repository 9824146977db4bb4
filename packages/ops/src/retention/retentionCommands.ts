import { dirname, join } from 'node:path';
import { openAuditLog } from '../auditLog';
import { type Command, defineCommand, UsageError } from '../command';
import { parseDuration } from '../duration';
import {
  auditHelp,
  auditOptions,
  formatHelp,
  formatOption,
  isJson,
  policiesHelp,
  policiesOption,
  storeHelp,
  storeOptions,
  storeVariables,
} from '../sharedOptions';
import { openStores } from '../stores/stores';
import { calculateCost, renderCost } from './cost';
import { generate, staleFiles } from './generate/generatedFiles';
import { applyPlan } from './plan/applyPlan';
import { makePlan } from './plan/makePlan';
import { renderPlan } from './plan/plan';
import { readPlan, writePlan } from './plan/planFile';
import { readPolicies } from './readPolicies';

const PLAN = '.data/retention/plan.json';

const gapsOption = { 'accept-gaps': { type: 'string', multiple: true } } as const;
const gapsHelp = `  --accept-gaps SERIES  deletes raw samples although a downsampled level lacks them; may be repeated
`;

const check = defineCommand({
  name: 'retention check',
  summary: 'checks the policies',
  help: `artel-ops retention check [options]

Checks the policies, and names every field that is wrong.

${policiesHelp}`,
  options: policiesOption,
  run({ values: { policies } }, { print }) {
    readPolicies(policies);
    print(`${policies}: the policies are right\n`);
    return 0;
  },
});

const write = defineCommand({
  name: 'retention generate',
  summary: 'writes the configuration of the stores from the policies',
  help: `artel-ops retention generate [options]

Writes the configuration of Loki, Tempo, Prometheus, Mimir and Alloy from the policies, into
folders beside the folder of the policies.

${policiesHelp}  --check               writes nothing, names the files that are stale, and fails if there are any
`,
  options: { ...policiesOption, check: { type: 'boolean', default: false } },
  run({ values }, { print, complain }) {
    const policies = readPolicies(values.policies);
    const root = join(dirname(values.policies), '..');
    if (!values.check) {
      const written = generate(policies, root);
      print(written.length === 0 ? 'Nothing to write.\n' : written.map((path) => `wrote ${path}\n`).join(''));
      return 0;
    }
    const stale = staleFiles(policies, root);
    for (const path of stale) complain(`${path}: is not what the policies make of it\n`);
    return stale.length > 0 ? 1 : 0;
  },
});

const plan = defineCommand({
  name: 'retention plan',
  summary: 'prints what would be deleted from the stores, and keeps the plan',
  help: `artel-ops retention plan [options]

Looks at the stores, prints what would be deleted, and keeps the plan for
artel-ops retention apply. Deletes nothing.

${policiesHelp}${storeHelp}${gapsHelp}${formatHelp}  --out FILE            where the plan is kept; ${PLAN}
  --audit, --actor      accepted as by apply, without effect

Environment:
${storeVariables}`,
  options: {
    ...policiesOption,
    ...storeOptions,
    ...gapsOption,
    ...formatOption,
    ...auditOptions,
    out: { type: 'string', default: PLAN },
  },
  async run({ values }, { environment, now, print }) {
    const asJson = isJson(values);
    const stores = openStores({ urls: values, environment });
    if (Object.keys(stores).length === 0)
      throw new UsageError('no store was given, expected --prometheus, --loki or --tempo');
    const made = await makePlan({
      policies: readPolicies(values.policies),
      stores,
      now,
      acceptGaps: new Set(values['accept-gaps']),
    });
    writePlan(values.out, made);
    if (asJson) print(`${JSON.stringify(made, null, 2)}\n`);
    else {
      print(renderPlan(made));
      if (made.items.length > 0) print(`To do it: artel-ops retention apply --plan ${values.out}\n`);
    }
    return 0;
  },
});

const apply = defineCommand({
  name: 'retention apply',
  summary: 'deletes what the plan says, as far as it still holds',
  help: `artel-ops retention apply [options]

Makes the plan again, and deletes what it says where both agree. Every deletion is in the audit
log. Run again, it does what failed, and nothing twice.

${policiesHelp}${storeHelp}${gapsHelp}${formatHelp}${auditHelp}  --plan FILE           the plan; ${PLAN}

Environment:
${storeVariables}`,
  options: {
    ...policiesOption,
    ...storeOptions,
    ...gapsOption,
    ...formatOption,
    ...auditOptions,
    plan: { type: 'string', default: PLAN },
  },
  async run({ values }, { environment, now, print, complain }) {
    const asJson = isJson(values);
    const policies = readPolicies(values.policies);
    const made = readPlan(values.plan);
    const stores = openStores({ urls: values, environment });
    const audit = openAuditLog({ path: values.audit, now, actor: values.actor });
    try {
      const acceptGaps = new Set(values['accept-gaps']);
      const applied = await applyPlan({ plan: made, audit, policies, stores, now, acceptGaps });
      const { done, earlier, failed } = applied;
      if (asJson) print(`${JSON.stringify({ plan: made.id, ...applied }, null, 2)}\n`);
      else {
        print(
          `Plan ${made.id}: ${done} done, ${earlier} were done before, ${failed.length} failed. Audit log: ${values.audit}\n`,
        );
        for (const { item, reason } of failed) complain(`${item.id} (${item.policy}): ${reason}\n`);
        if (failed.length > 0) complain('Run it again to do what has failed; nothing is done twice.\n');
      }
      return failed.length > 0 ? 1 : 0;
    } finally {
      audit.close();
    }
  },
});

/** The number that an option gives. Throws a `UsageError` where it is none, or below 0. */
function amount(option: string, text: string | undefined): number {
  const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isFinite(value) && value >= 0) return value;
  throw new UsageError(`--${option}: expected a number of 0 or more, got ${text ?? 'nothing'}`);
}

const cost = defineCommand({
  name: 'retention cost',
  summary: 'calculates what the policies cost a month',
  help: `artel-ops retention cost --gb-per-day GB [options]

Calculates what the policies cost a month, and shows every product.

  --gb-per-day GB       log lines a day, before compression
  --traces-gb-per-day GB
                        spans a day, before sampling; a tenth of --gb-per-day
  --series COUNT        active series of Prometheus; 10000
  --scrape-interval TIME
                        5s
${policiesHelp}${formatHelp}`,
  options: {
    ...policiesOption,
    ...formatOption,
    'gb-per-day': { type: 'string' },
    'traces-gb-per-day': { type: 'string' },
    series: { type: 'string', default: '10000' },
    'scrape-interval': { type: 'string', default: '5s' },
  },
  run({ values }, { print }) {
    const asJson = isJson(values);
    const logsGbPerDay = amount('gb-per-day', values['gb-per-day']);
    const traces = values['traces-gb-per-day'];
    const tracesGbPerDay = traces === undefined ? logsGbPerDay / 10 : amount('traces-gb-per-day', traces);
    const series = amount('series', values.series);
    const scrapeInterval = parseDuration(values['scrape-interval']) ?? 0;
    if (scrapeInterval === 0)
      throw new UsageError(
        `--scrape-interval: expected a duration such as 15s, got ${values['scrape-interval']}`,
      );
    const input = { logsGbPerDay, tracesGbPerDay, series, scrapeInterval };
    const calculated = calculateCost(readPolicies(values.policies), input);
    print(asJson ? `${JSON.stringify(calculated, null, 2)}\n` : renderCost(calculated));
    return 0;
  },
});

const showAudit = defineCommand({
  name: 'retention audit',
  summary: 'checks the audit log of deletions and erasures, and prints it',
  help: `artel-ops retention audit [options]

Checks that no line of the audit log was changed or removed, and prints its records as JSON lines.

${auditHelp}`,
  options: auditOptions,
  run({ values }, { now, print }) {
    const audit = openAuditLog({ path: values.audit, now, actor: values.actor });
    try {
      for (const { previous: _, ...record } of audit.records()) print(`${JSON.stringify(record)}\n`);
      return 0;
    } finally {
      audit.close();
    }
  },
});

/** What keeps telemetry for as long as the policies say. */
export const retentionCommands: readonly Command[] = [check, write, plan, apply, cost, showAudit];
