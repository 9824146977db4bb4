import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createAuditHash } from '../erase/auditKey';
import { erasePlayer } from '../erase/erasePlayer';
import { renderErasure } from '../erase/renderErasure';
import { applyPlan } from './apply/applyPlan';
import { openAuditLog } from './apply/auditLog';
import { readPlan, writePlan } from './apply/planFile';
import { reckonCost } from './cost/cost';
import { renderCost } from './cost/renderCost';
import { parseDuration } from './duration';
import { generate, staleFiles } from './generate/generate';
import { makePlan } from './plan/makePlan';
import { renderPlan } from './plan/renderPlan';
import { type Arguments, amount, help, readArguments } from './readArguments';
import { PolicyError, readPolicies } from './readPolicies';
import { openStores } from './stores/stores';

/** Everything that the program takes from around it. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly now: () => number;
  readonly print: (text: string) => void;
  readonly complain: (text: string) => void;
}

const root = join(dirname(fileURLToPath(import.meta.url)), '../../../../observability');

const PLAN = '.data/retention/plan.json';

function openThe({ prometheus, loki, tempo }: Arguments, { environment }: Surroundings) {
  return openStores({
    urls: {
      ...(prometheus === undefined ? {} : { prometheus }),
      ...(loki === undefined ? {} : { loki }),
      ...(tempo === undefined ? {} : { tempo }),
    },
    environment,
  });
}

const commands: Readonly<
  Record<string, (args: Arguments, around: Surroundings) => Promise<number> | number>
> = {
  help: (_, { print }) => {
    print(help);
    return 0;
  },

  check: (args, { print }) => {
    readPolicies(policyPath(args));
    print(`${policyPath(args)}: the policies are right\n`);
    return 0;
  },

  generate: (args, { print, complain }) => {
    const policies = readPolicies(policyPath(args));
    if (!args.check) {
      const written = generate(policies, root);
      print(written.length === 0 ? 'Nothing to write.\n' : written.map((path) => `wrote ${path}\n`).join(''));
      return 0;
    }
    const stale = staleFiles(policies, root);
    for (const path of stale) complain(`${path}: is not what the policies make of it\n`);
    return stale.length > 0 ? 1 : 0;
  },

  async plan(args, around) {
    const stores = openThe(args, around);
    if (Object.keys(stores).length === 0)
      throw new Error('no store was given: expected --prometheus, --loki or --tempo');
    const made = await makePlan({
      policies: readPolicies(policyPath(args)),
      stores,
      now: around.now,
      acceptGaps: new Set(args['accept-gaps']),
    });
    const out = args.out ?? PLAN;
    writePlan(out, made);
    if (args.isJson) around.print(`${JSON.stringify(made, null, 2)}\n`);
    else {
      around.print(renderPlan(made));
      if (made.items.length > 0) around.print(`To do it: artel-retention apply --plan ${out}\n`);
    }
    return 0;
  },

  async apply(args, around) {
    const policies = readPolicies(policyPath(args));
    const plan = readPlan(args.plan ?? PLAN);
    const stores = openThe(args, around);
    const audit = openAuditLog({ path: args.audit, now: around.now, actor: args.actor });
    try {
      const acceptGaps = new Set(args['accept-gaps']);
      const applied = await applyPlan({ plan, audit, policies, stores, now: around.now, acceptGaps });
      const { done, earlier, failed } = applied;
      if (args.isJson) around.print(`${JSON.stringify({ plan: plan.id, ...applied }, null, 2)}\n`);
      else {
        around.print(
          `Plan ${plan.id}: ${done} done, ${earlier} were done before, ${failed.length} failed. Audit log: ${args.audit}\n`,
        );
        for (const { item, reason } of failed) around.complain(`${item.id} (${item.policy}): ${reason}\n`);
        if (failed.length > 0)
          around.complain('Run it again to do what has failed; nothing is done twice.\n');
      }
      return failed.length > 0 ? 1 : 0;
    } finally {
      audit.close();
    }
  },

  async erase(args, around) {
    const { environment, now } = around;
    const user = (args.user === '-' ? readFileSync(0, 'utf8') : (args.user ?? '')).trim();
    // Nothing of what was given is repeated: the id may be in it.
    if (!/^\S{1,128}$/.test(user)) throw new Error("--user: expected Telegram's id, a pseudonym, or -");
    if (args.also.some((name) => !/^[\da-f]{16,64}$/.test(name)))
      throw new Error('--also: expected a pseudonym of 16 to 64 hex digits');
    const since = args.since === undefined ? 0 : Date.parse(args.since);
    if (Number.isNaN(since))
      throw new Error(`--since: expected a date such as 2026-01-31, got ${args.since}`);
    const policies = readPolicies(policyPath(args));
    const stores = openThe(args, around);
    const audit = openAuditLog({ path: args.audit, now, actor: args.actor });
    const { SENTRY_URL: url, SENTRY_ORG: organization, SENTRY_AUTH_TOKEN: token } = environment;
    try {
      const steps = await erasePlayer({
        user,
        since,
        also: args.also,
        policies,
        stores,
        now,
        audit,
        auditHash: createAuditHash(`${args.audit}.key`),
        botToken: environment['TELEGRAM_BOT_TOKEN'],
        gateway:
          args.gateway === 'none'
            ? undefined
            : { command: args.gateway.split(' '), tenant: args.tenant, since: args.since, environment },
        sentry: url && organization && token ? { url, organization, token } : undefined,
      });
      around.print(args.isJson ? `${JSON.stringify(steps, null, 2)}\n` : renderErasure(steps));
      return steps.some(({ outcome }) => outcome === 'failed' || outcome === 'left') ? 1 : 0;
    } finally {
      audit.close();
    }
  },

  cost: (args, { print }) => {
    const logsGbPerDay = amount('gb-per-day', args['gb-per-day'], 0);
    const scrapeInterval = parseDuration(args['scrape-interval']) ?? 0;
    if (scrapeInterval === 0)
      throw new Error(`--scrape-interval: expected a duration such as 15s, got ${args['scrape-interval']}`);
    const cost = reckonCost(readPolicies(policyPath(args)), {
      logsGbPerDay,
      tracesGbPerDay:
        args['traces-gb-per-day'] === undefined
          ? logsGbPerDay / 10
          : amount('traces-gb-per-day', args['traces-gb-per-day'], 0),
      series: amount('series', args.series, 0),
      scrapeInterval,
    });
    print(args.isJson ? `${JSON.stringify(cost, null, 2)}\n` : renderCost(cost));
    return 0;
  },

  audit: (args, { now, print }) => {
    const audit = openAuditLog({ path: args.audit, now, actor: args.actor });
    try {
      for (const { previous: _, ...record } of audit.records()) print(`${JSON.stringify(record)}\n`);
      return 0;
    } finally {
      audit.close();
    }
  },
};

function policyPath({ policies }: Arguments): string {
  return policies ?? join(root, 'retention/retention-policies.yml');
}

/** Runs `artel-retention` with its arguments, and answers the exit code. Never rejects. */
export async function runRetention(argv: readonly string[], around: Surroundings): Promise<number> {
  try {
    const args = readArguments(argv);
    const run = commands[args.help ? 'help' : args.command];
    if (!run)
      throw new Error(
        `there is no command ${args.command}; expected one of ${Object.keys(commands).join(', ')}`,
      );
    return await run(args, around);
  } catch (error) {
    const problems =
      error instanceof PolicyError
        ? error.problems
        : [error instanceof Error ? error.message : String(error)];
    for (const problem of problems) around.complain(`artel-retention: ${problem}\n`);
    return 1;
  }
}
