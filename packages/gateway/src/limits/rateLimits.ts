import { hash, hkdfSync } from 'node:crypto';
import { networkKey } from '@artel/telemetry-protocol/check';
import type { Tier } from '../enrich';
import type { ExposedFamily } from '../exposition';
import { HttpProblem } from '../problem';
import type { Tenant } from '../tenants';
import { type Limiter, type LimiterFactory, memoryLimiters, type Scope, scopes } from './limiter';

/** What the limits look at in a batch, once it is known whose it is. */
interface LimitedBatch {
  readonly tenant: Pick<Tenant, 'id' | 'limits'>;
  readonly tier: Tier;
  readonly producer?: string | undefined;
}

/**
 * Counts requests against what may come: a point is a request, a duplicate and one that is refused later too. What is
 * refused here was not counted as telemetry and comes again, when `Retry-After` says.
 */
export interface RateLimits {
  /** A request of `address`, of which `rate` may come a second. Throws a 429 problem when that is too many. */
  address(address: string, rate: number): Promise<void>;
  /** A batch of a tenant, by producer, tier and key. Throws a 429 problem when that is too many. */
  batch(batch: LimitedBatch): Promise<void>;
  /** Throws a 429 problem while too many wrong tokens have come from `address`: a right one is then no better. */
  token(address: string): void;
  /** A token from `address` that may read nothing. Throws a 429 problem when that is one too many. */
  wrongToken(address: string): Promise<void>;
  families(): ExposedFamily[];
}

export interface RateLimitsOptions {
  /** Key of the hashes under which addresses and producers are counted. Gateways that share a store share it too. */
  readonly secret: string;
  /** In this process alone, unless told otherwise. */
  readonly limiters?: LimiterFactory;
  /** Ids of the tenants that there are, so that each counts from 0. */
  readonly tenants?: () => readonly string[];
  /** Called when the limiters cannot tell. The request is let in: limits protect, they are no lock. */
  readonly onFailure?: (error: unknown) => void;
  /** In [0, 1). */
  readonly random?: () => number;
}

/** Rates are means over so many seconds: a page that comes back after an hour sends what it kept in one go. */
const WINDOW_SECONDS = 10;

const HASH_DIGITS = 16;

/** Wrong tokens of one address in so many seconds: enough for fingers, and for a scraper that was told the old one. */
const GUESSES = 10;
const GUESS_SECONDS = 60;

const whose: Readonly<Record<Scope, string>> = {
  address: 'from this address',
  token: 'with a wrong token from this address',
  producer: 'of this producer',
  anonymous: 'without a session token',
  key: 'under this key',
};

/** Names whose keys are remembered; over it all are forgotten. */
const MAX_MEMO = 20_000;
/** A proxy may name its sender as long as it likes. */
const MAX_NAME = 64;

/** Remembers what `make` has made of a name within a tenant, for a bounded number of them. */
function createMemo(make: (name: string, tenant: string) => string): typeof make {
  const made = new Map<string, string>();
  return (name, tenant) => {
    if (name.length > MAX_NAME) return make(name, tenant);
    // No tenant's id has a space in it.
    const both = `${tenant} ${name}`;
    const known = made.get(both);
    if (known !== undefined) return known;
    const key = make(name, tenant);
    if (made.size >= MAX_MEMO) made.clear();
    made.set(both, key);
    return key;
  };
}

export function createRateLimits({
  secret,
  limiters = memoryLimiters,
  tenants = () => [],
  onFailure = () => {},
  random = Math.random,
}: RateLimitsOptions): RateLimits {
  const hashKey = Buffer.from(hkdfSync('sha256', secret, '', 'artel-gateway rate limits', 32)).toString(
    'hex',
  );
  const made = new Map<string, Limiter>();
  const refused = new Map<string, number>();

  // One-shot, a fifth of an HMAC's time on the way of every request. What an HMAC guards against beyond it, appending to
  // a message whose hash is known, needs the whole of a hash, which nobody ever sees.
  const hashOf = (...parts: readonly string[]): string =>
    hash('sha256', `${hashKey}${JSON.stringify(parts)}`).slice(0, HASH_DIGITS);
  // Whoever sends a batch has mostly sent one before.
  const addressKeys = createMemo((address) => hashOf('address', networkKey(address)));
  const producerKeys = createMemo((producer, tenant) => hashOf('producer', tenant, producer));

  /** Until when the address of a hash shows no more tokens, in Unix time in ms; of a bounded size, as the limiters are. */
  const silenced = new Map<string, number>();
  const addressHash = (address: string): string => addressKeys(address, '');
  const lastDigits = (address: string): string => addressHash(address).slice(-4);

  const limiterOf = (scope: Scope, rate: number, seconds: number): Limiter => {
    const name = `${scope} ${rate}`;
    const points = Math.max(1, Math.ceil(rate * seconds));
    const limiter = made.get(name) ?? limiters({ scope, points, seconds });
    made.set(name, limiter);
    return limiter;
  };

  const waitOf = async (
    scope: Scope,
    rate: number,
    key: string,
    seconds = WINDOW_SECONDS,
  ): Promise<number> => {
    try {
      const taken = await limiterOf(scope, rate, seconds).take(key);
      return taken.ok ? 0 : Math.max(1, taken.waitMs);
    } catch (error) {
      onFailure(error);
      return 0;
    }
  };

  const refuse = (scope: Scope, waitMs: number, tenant = ''): never => {
    const counter = `${scope} ${tenant}`;
    refused.set(counter, (refused.get(counter) ?? 0) + 1);
    // Most are many clients: told one time, they would come at that time together, and be refused together.
    const spread = scope === 'producer' || scope === 'token' ? 0 : Math.floor(random() * WINDOW_SECONDS);
    const seconds = Math.ceil(waitMs / 1_000) + spread;
    throw new HttpProblem(429, `Too many requests ${whose[scope]}, come again in ${seconds} s.`, {
      type: 'rate-limited',
      extensions: { scope },
      headers: { 'Retry-After': String(seconds) },
    });
  };

  const take = async (scope: Scope, rate: number, key: string, tenant = ''): Promise<void> => {
    if (rate === 0) return;
    const waitMs = await waitOf(scope, rate, key);
    if (waitMs > 0) refuse(scope, waitMs, tenant);
  };

  return {
    address: (address, rate) =>
      rate === 0 ? Promise.resolve() : take('address', rate, addressHash(address)),
    token(address) {
      const waitMs = (silenced.get(lastDigits(address)) ?? 0) - Date.now();
      if (waitMs > 0) refuse('token', waitMs);
    },
    async wrongToken(address) {
      const rate = GUESSES / GUESS_SECONDS;
      const waitMs = await waitOf('token', rate, addressHash(address), GUESS_SECONDS);
      if (waitMs === 0) return;
      silenced.set(lastDigits(address), Date.now() + waitMs);
      refuse('token', waitMs);
    },
    async batch({ tenant: { id, limits }, tier, producer }) {
      const { requestsPerSecond: rates } = limits;
      // From the narrowest on: what one producer is refused is not taken from all the others' share, nor what comes
      // without a session from the share of those who have one.
      if (producer !== undefined && rates.producer > 0) {
        await take('producer', rates.producer, producerKeys(producer, id), id);
      }
      if (tier === 'anonymous') await take('anonymous', rates.anonymous, id, id);
      await take('key', rates.key, id, id);
    },
    families() {
      const seen = (scope: Scope, tenant: string): number => refused.get(`${scope} ${tenant}`) ?? 0;
      const [address, token, ...ofTenants] = scopes;
      return [
        {
          name: 'artel_gateway_rate_limited_total',
          kind: 'counter',
          help: 'Requests refused with 429 because too many came, by what there were too many of.',
          series: [
            { labels: [['scope', address] as const], value: seen(address, '') },
            { labels: [['scope', token] as const], value: seen(token, '') },
            ...tenants().flatMap((tenant) =>
              ofTenants.map((scope) => ({
                labels: [['scope', scope] as const, ['tenant', tenant] as const],
                value: seen(scope, tenant),
              })),
            ),
          ],
        },
      ];
    },
  };
}
