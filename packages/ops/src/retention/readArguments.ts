import { type ParseArgsConfig, parseArgs } from 'node:util';

/** What `artel-retention --help` says. */
export const help = `artel-retention

  check                        says whether the policies are right
  generate [--check]           writes the configurations of the stores from the policies, or says which are stale
  plan [--out <file>]          looks at the stores, says what would be deleted, and keeps the plan
  apply [--plan <file>]        does what the plan says, where it still holds
  erase --user <id>            erases a player, by Telegram's id or pseudonym; - reads it from standard input
  cost --gb-per-day <GB>       reckons what the policies cost a month
  audit                        checks the audit log and shows it

For all:
  --policies <file>            retention/retention-policies.yml
  --format text|json           text
For plan, apply and erase:
  --prometheus, --loki, --tempo <URL>   or PROMETHEUS_URL, LOKI_URL, TEMPO_URL; a store that is not given is left alone.
                               Headers: LOKI_AUTHORIZATION, LOKI_ORG_ID, and the same for the others
  --audit <file>               .data/retention/audit.jsonl
  --actor <name>               who does it, in the audit log; user@host
  --accept-gaps <series>       lets raw samples go although a level lacks them; more than once
For erase:
  --tenant <app/environment>, --since <date>
  --also <pseudonym>           another name that the player has in logs; more than once
  --gateway <program>          artel-gateway, with its DATA_DIR and GATEWAY_CONFIG; none skips it
  TELEGRAM_BOT_TOKEN           token of the game service's bot, to make the pseudonym that it logs
  SENTRY_URL, SENTRY_ORG, SENTRY_AUTH_TOKEN
For cost:
  --traces-gb-per-day <GB>     10 % of --gb-per-day
  --series <count>             10000
  --scrape-interval <time>     5s
`;

const none: string[] = [];

const options = {
  policies: { type: 'string' },
  format: { type: 'string', default: 'text' },
  check: { type: 'boolean', default: false },
  out: { type: 'string' },
  plan: { type: 'string' },
  prometheus: { type: 'string' },
  loki: { type: 'string' },
  tempo: { type: 'string' },
  audit: { type: 'string', default: '.data/retention/audit.jsonl' },
  actor: { type: 'string' },
  'accept-gaps': { type: 'string', multiple: true, default: none },
  user: { type: 'string' },
  tenant: { type: 'string' },
  since: { type: 'string' },
  also: { type: 'string', multiple: true, default: none },
  gateway: { type: 'string', default: 'artel-gateway' },
  'gb-per-day': { type: 'string' },
  'traces-gb-per-day': { type: 'string' },
  series: { type: 'string', default: '10000' },
  'scrape-interval': { type: 'string', default: '5s' },
  help: { type: 'boolean', short: 'h', default: false },
} as const satisfies ParseArgsConfig['options'];

/** Reads the command and its options. Throws for what it does not know, and for a value that is none. */
export function readArguments(args: readonly string[]) {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  if (values.format !== 'text' && values.format !== 'json')
    throw new Error(`--format: expected text or json, got ${values.format}`);
  // What stands behind the command is not repeated: it may be a player's id.
  if (positionals.length > 1)
    throw new Error(
      `${positionals[0]}: expected options alone behind the command, got ${positionals.length - 1} more`,
    );
  return { ...values, command: positionals[0] ?? 'help', isJson: values.format === 'json' };
}

/** The command that was given, with its options. */
export type Arguments = ReturnType<typeof readArguments>;

/** The number that an option gives. Throws where it is none, or less than `least`. */
export function amount(name: string, text: string | undefined, least: number): number {
  const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isFinite(value) && value >= least) return value;
  throw new Error(`--${name}: expected a number of ${least} or more, got ${text ?? 'nothing'}`);
}
