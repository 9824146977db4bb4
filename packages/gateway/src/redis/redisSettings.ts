import { z } from 'zod';

/** How gateways reach the Redis that they share. */
export interface RedisSettings {
  /** One Redis, or several that share the producers among them: the same list, in the same order, in every gateway. */
  readonly urls: readonly string[];
  /** Before every key. Installations with different prefixes know nothing of each other. */
  readonly prefix: string;
  /** How long a connection and an answer may take, in ms. */
  readonly timeoutMs: number;
}

const EXPECTED = 'expected redis://user:password@host:6379/0, rediss:// for TLS, with what is special as %40';
const wrong = (message: string) => ({ error: message });

function isRedisUrl(text: unknown): text is string {
  if (typeof text !== 'string') return false;
  try {
    const { protocol, hostname, username, password, pathname, search, hash } = new URL(text);
    // The client decodes them, and takes a bare percent sign amiss.
    decodeURIComponent(username + password);
    const isPlain = /^\/?\d{0,5}$/.test(pathname) && search + hash === '';
    return /^rediss?:$/.test(protocol) && hostname !== '' && isPlain;
  } catch {
    return false;
  }
}

const parts = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** One URL, several with commas between them, or a list. */
const urls = z
  .union([z.string(), z.array(z.unknown())], wrong(EXPECTED))
  .transform((value, context): string[] => {
    const list: unknown[] = typeof value === 'string' ? parts(value) : value;
    const refuse = (message: string, at: number): void =>
      context.addIssue({ code: 'custom', message, ...(typeof value === 'string' ? {} : { path: [at] }) });
    if (list.length === 0) context.addIssue({ code: 'custom', message: EXPECTED });
    for (const [at, url] of list.entries()) {
      if (!isRedisUrl(url)) refuse(EXPECTED, at);
      else if (list.indexOf(url) < at) refuse('expected each Redis once', at);
    }
    return list.filter(isRedisUrl);
  });

const timeout = wrong('expected a whole number from 50 to 60000');
const prefix = wrong('expected at most 64 letters, digits, dots, colons, dashes and underscores');

/** `redis` of the configuration. */
export const redisSchema = z.strictObject({
  url: urls,
  password: z.string(wrong('expected a password')).min(1, wrong('expected a password')).optional(),
  prefix: z
    .string(prefix)
    .regex(/^[\w.:-]{1,64}$/, prefix)
    .default('artel:'),
  timeoutMs: z.int(timeout).min(50, timeout).max(60_000, timeout).default(1_000),
});

function withPassword(url: string, password: string | undefined): string {
  const parsed = new URL(url);
  if (password === undefined || parsed.password !== '') return url;
  parsed.password = encodeURIComponent(password);
  return parsed.href;
}

/** Puts the password into each URL that has none of its own. */
export function redisSettingsOf({
  url,
  password,
  prefix,
  timeoutMs,
}: z.output<typeof redisSchema>): RedisSettings {
  return { urls: url.map((one) => withPassword(one, password)), prefix, timeoutMs };
}
