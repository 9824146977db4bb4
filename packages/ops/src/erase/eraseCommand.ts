import { readFileSync } from 'node:fs';
import { createAuditHash, openAuditLog } from '../auditLog';
import { defineCommand, UsageError } from '../command';
import { readPolicies } from '../retention/readPolicies';
import {
  auditHelp,
  auditOptions,
  formatHelp,
  formatOption,
  gatewayCommand,
  gatewayHelp,
  gatewayOption,
  isJson,
  policiesHelp,
  policiesOption,
  storeHelp,
  storeOptions,
  storeVariables,
} from '../sharedOptions';
import { openStores } from '../stores/stores';
import { erasePlayer } from './erasePlayer';

export const eraseCommand = defineCommand({
  name: 'erase',
  summary: 'erases a player from the gateway and every store',
  help: `artel-ops erase --user ID [options]

Erases a player from the gateway, Loki and Sentry, proves that no label of Prometheus names them,
and says when their traces in Tempo are gone: a line for each store. The exit code is 1 if a store
failed or something is left for a person to do.

  --user ID             Telegram's id or a pseudonym; - reads it from standard input
  --also PSEUDONYM      another name that the player has in logs; may be repeated
  --tenant APP/ENVIRONMENT
                        the gateway's tenant
  --since DATE          looks at nothing older, such as 2026-01-31
${gatewayHelp}                        with its own DATA_DIR and GATEWAY_CONFIG; none leaves the gateway out
${policiesHelp}${storeHelp}${formatHelp}${auditHelp}
Environment:
  TELEGRAM_BOT_TOKEN    the game service's bot, to find the pseudonym that the service logs
  SENTRY_URL, SENTRY_ORG, SENTRY_AUTH_TOKEN
                        where Sentry is; without all three it is left alone
${storeVariables}`,
  options: {
    user: { type: 'string', default: '' },
    also: { type: 'string', multiple: true },
    tenant: { type: 'string' },
    since: { type: 'string' },
    ...gatewayOption,
    ...policiesOption,
    ...storeOptions,
    ...formatOption,
    ...auditOptions,
  },
  async run({ values }, around) {
    const { environment, now, print } = around;
    const asJson = isJson(values);
    const user = (values.user === '-' ? readFileSync(0, 'utf8') : values.user).trim();
    // What was given is not repeated: the id may be in it.
    if (!/^\S{1,128}$/.test(user)) throw new UsageError("--user: expected Telegram's id, a pseudonym, or -");
    const also = values.also ?? [];
    if (also.some((name) => !/^[\da-f]{16,64}$/.test(name)))
      throw new UsageError('--also: expected a pseudonym of 16 to 64 hex digits');
    const since = values.since === undefined ? 0 : Date.parse(values.since);
    if (Number.isNaN(since))
      throw new UsageError(`--since: expected a date such as 2026-01-31, got ${values.since}`);
    const policies = readPolicies(values.policies);
    const stores = openStores({ urls: values, environment });
    const { SENTRY_URL: url, SENTRY_ORG: organization, SENTRY_AUTH_TOKEN: token } = environment;
    const command = gatewayCommand(values, around);
    const audit = openAuditLog({ path: values.audit, now, actor: values.actor });
    try {
      const steps = await erasePlayer({
        user,
        since,
        also,
        policies,
        stores,
        now,
        audit,
        auditHash: createAuditHash(`${values.audit}.key`),
        botToken: environment['TELEGRAM_BOT_TOKEN'],
        gateway:
          values.gateway === 'none'
            ? undefined
            : { command, tenant: values.tenant, since: values.since, environment },
        sentry: url && organization && token ? { url, organization, token } : undefined,
      });
      const lines = steps.map(
        ({ store, outcome, text }) => `${store.padEnd(12)} ${outcome.padEnd(8)} ${text}\n`,
      );
      print(asJson ? `${JSON.stringify(steps, null, 2)}\n` : lines.join(''));
      return steps.some(({ outcome }) => outcome === 'failed' || outcome === 'left') ? 1 : 0;
    } finally {
      audit.close();
    }
  },
});
