import type { Path } from './configProblems';
import { isMapping } from './configProblems';

/** Environment variables, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

interface Variable {
  readonly name: string;
  readonly path: readonly string[];
  readonly read: (text: string) => unknown;
  /** One line for `--help`. */
  readonly help: string;
}

const text = (value: string): string => value;
// What is no number or flag stays text, which the schema then refuses by the variable's name.
const number = (value: string): unknown => (/^\d+(?:\.\d+)?$/.test(value) ? Number(value) : value);
const flag = (value: string): unknown => (value === 'true' ? true : value === 'false' ? false : value);
const list = (value: string): string[] =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
const proxies = (value: string): unknown => {
  const simple = flag(value) === value ? number(value) : flag(value);
  return typeof simple === 'string' ? list(simple) : simple;
};

/** The variables, each over the field of the file that it overrides. */
export const variables: readonly Variable[] = [
  { name: 'GATEWAY_PORT', path: ['port'], read: number, help: 'port to listen on (4320)' },
  { name: 'GATEWAY_HOST', path: ['host'], read: text, help: 'address to listen on (127.0.0.1)' },
  { name: 'DATA_DIR', path: ['dataDir'], read: text, help: 'directory of what is kept (.data)' },
  {
    name: 'GATEWAY_ORIGINS',
    path: ['origins'],
    read: list,
    help: 'origins whose pages may send, parted by commas (none but its own)',
  },
  {
    name: 'GATEWAY_ENV',
    path: ['environment'],
    read: text,
    help: 'development or production (development: loopback pages may send, /metrics is open)',
  },
  {
    name: 'GATEWAY_SECRET',
    path: ['secret'],
    read: text,
    help: 'key of the user hashes, 32 characters or more (random, kept in DATA_DIR)',
  },
  { name: 'GATEWAY_SECRET_FILE', path: ['secretFile'], read: text, help: 'file that holds that key' },
  {
    name: 'GATEWAY_BOT_TOKEN',
    path: ['telegram', 'botToken'],
    read: text,
    help: "token of the Telegram bot whose app's players sign in (none)",
  },
  {
    name: 'GATEWAY_BOT_TOKEN_FILE',
    path: ['telegram', 'botTokenFile'],
    read: text,
    help: 'file that holds that token',
  },
  {
    name: 'GATEWAY_BOT_ID',
    path: ['telegram', 'botId'],
    read: text,
    help: "or its number alone: sign-in is then checked by Telegram's own signature (none)",
  },
  {
    name: 'GATEWAY_SENTRY_DSNS',
    path: ['sentryDsns'],
    read: list,
    help: 'Sentry DSNs that the tunnel lets through, parted by commas (none)',
  },
  {
    name: 'GATEWAY_STRICT_CATALOGUE',
    path: ['strict'],
    read: flag,
    help: 'true refuses metrics outside the catalogue (false)',
  },
  {
    name: 'GATEWAY_QUEUE_LIMIT',
    path: ['queue', 'limit'],
    read: number,
    help: 'logs and spans that may wait to be handed on (100000)',
  },
  {
    name: 'GATEWAY_LEDGER_DAYS',
    path: ['ledger', 'days'],
    read: number,
    help: 'days until a silent producer is forgotten (30)',
  },
  {
    name: 'GATEWAY_STORE_MAX_BYTES',
    path: ['store', 'maxBytes'],
    read: text,
    help: 'bytes that the store may fill, such as 20GiB (no bound)',
  },
  {
    name: 'GATEWAY_ADMIN_TOKEN',
    path: ['admin', 'token'],
    read: text,
    help: 'token that may read /metrics and /live and take backups (none)',
  },
  {
    name: 'GATEWAY_ADMIN_TOKEN_FILE',
    path: ['admin', 'tokenFile'],
    read: text,
    help: 'file that holds that token',
  },
  {
    name: 'GATEWAY_ADMIN_HOST',
    path: ['admin', 'host'],
    read: text,
    help: 'address of the private listener (127.0.0.1 once it has a port)',
  },
  {
    name: 'GATEWAY_ADMIN_PORT',
    path: ['admin', 'port'],
    read: number,
    help: 'port of the private listener, which then alone serves /metrics and /live (none)',
  },
  {
    name: 'GATEWAY_TRUST_PROXY',
    path: ['trustProxy'],
    read: proxies,
    help: 'true, a number of proxies, or their addresses: whose X-Forwarded-For counts (false)',
  },
  {
    name: 'REDIS_URL',
    path: ['redis', 'url'],
    read: list,
    help: 'Redis in which gateways count together; several parted by commas (none: this one counts alone)',
  },
  {
    name: 'REDIS_PASSWORD',
    path: ['redis', 'password'],
    read: text,
    help: 'its password, where REDIS_URL has none (none)',
  },
  { name: 'REDIS_PASSWORD_FILE', path: ['redis', 'passwordFile'], read: text, help: 'file that holds it' },
  {
    name: 'REDIS_PREFIX',
    path: ['redis', 'prefix'],
    read: text,
    help: 'before each key, where installations share a Redis (artel:)',
  },
  {
    name: 'LOG_LEVEL',
    path: ['log', 'level'],
    read: text,
    help: 'trace, debug, info, warn, error, fatal or silent (warn)',
  },
];

/** A variable's text; an empty one counts as left out. */
export function given(env: Environment, name: string): string | undefined {
  return env[name]?.trim() || undefined;
}

function withAt(base: unknown, [head, ...rest]: readonly string[], value: unknown): unknown {
  if (head === undefined) return value;
  // A field of the file that is no mapping is left to the schema, unless a variable has to go into it.
  const mapping = isMapping(base) ? base : {};
  return { ...mapping, [head]: withAt(mapping[head], rest, value) };
}

function withoutAt(base: unknown, [head, ...rest]: readonly string[]): unknown {
  if (head === undefined || !isMapping(base)) return base;
  const { [head]: inner, ...others } = base;
  if (rest.length === 0 || inner === undefined) return others;
  return { ...others, [head]: withoutAt(inner, rest) };
}

export interface Overridden {
  readonly raw: unknown;
  /** The variable, and its text, that a field comes from. */
  source(path: Path): { readonly name: string; readonly text: string; readonly path: Path } | undefined;
}

/** Puts the variables over the fields of the file. A secret and its file override each other. */
export function overrideFrom(env: Environment, file: unknown): Overridden {
  let raw = file;
  const set = variables.flatMap((variable) => {
    const value = given(env, variable.name);
    return value === undefined ? [] : [{ ...variable, text: value }];
  });
  for (const { path } of set) {
    const last = path.at(-1) ?? '';
    const twin = last.endsWith('File') ? last.slice(0, -4) : `${last}File`;
    raw = withoutAt(raw, [...path.slice(0, -1), twin]);
  }
  for (const { path, text, read } of set) raw = withAt(raw, path, read(text));
  return {
    raw,
    source: (path) => set.find((one) => one.path.every((part, at) => path[at] === part)),
  };
}
