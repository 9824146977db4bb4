import type { ParsedConfig, ParsedTenant } from './configSchema';
import type { DeclaredMetrics } from './metricsSchema';
import type { TelegramSettings } from './telegram/telegramSettings';

/** How much of each second a tenant may ask, as a mean over ten; 0 is without bound. A request counts as one. */
export interface TenantRates {
  /** All batches under the tenant's key. */
  readonly key: number;
  /** Those of them that come without a session token. */
  readonly anonymous: number;
  /** Batches of one producer, that is of one page load. */
  readonly producer: number;
}

/** What one tenant may ask of the gateway. */
export interface TenantLimits {
  readonly requestsPerSecond: TenantRates;
  /** The most series of one metric of the catalogue; left out, the catalogue says it for each. */
  readonly seriesPerMetric?: number;
  /** The most metrics outside the catalogue, and the most series of one of them. */
  readonly unknownMetrics: number;
  readonly seriesPerUnknownMetric: number;
}

/** One app in one environment: what it sends is admitted, limited, kept, shown and handed on apart from all others. */
export interface Tenant {
  /** `app/environment`: prefix of what is stored, and a label of our own metrics. `default` when none is configured. */
  readonly id: string;
  /** Constant labels of its series on `/metrics`; the default tenant has neither. */
  readonly app?: string;
  readonly environment?: string;
  /** Public write key, `key` of its batches. The default tenant takes batches with any key and with none. */
  readonly key?: string;
  /** May read this tenant's part of `/metrics` and `/live`. */
  readonly readToken?: string;
  /** Origins whose pages may send, exactly: `https://app.example`. */
  readonly origins: readonly string[];
  /** Refuses metrics that the catalogue does not know. */
  readonly strict: boolean;
  /** What its app has declared with `defineMetrics`: part of its catalogue. */
  readonly metrics?: DeclaredMetrics;
  readonly limits: TenantLimits;
  /** How its players sign in; left out, all of them are anonymous. */
  readonly telegram?: TelegramSettings;
  /** DSNs that the Sentry tunnel lets through. */
  readonly sentryDsns: readonly string[];
  /** Names of the outputs that get its logs and spans; left out, all do. */
  readonly outputs?: readonly string[];
}

/** The tenant of a gateway for which none is configured. */
export const DEFAULT_TENANT = 'default';

/** A game of 10,000 players at one batch each 5 s asks 2,000 times a second, perhaps all of them behind one address. */
const defaultRates: TenantRates = { key: 20_000, anonymous: 10_000, producer: 100 };
const DEFAULT_UNKNOWN_METRICS = 200;
const DEFAULT_UNKNOWN_SERIES = 200;

type ParsedLimits = NonNullable<ParsedTenant['limits']>;

/** Limits of a tenant: its own before those of the top, those before the defaults. */
function limitsOf(top: ParsedConfig['limits'], own: ParsedLimits | undefined): TenantLimits {
  const seriesPerMetric = own?.seriesPerMetric ?? top.seriesPerMetric;
  const rate = (name: keyof TenantRates): number =>
    own?.requestsPerSecond[name] ?? top.requestsPerSecond[name] ?? defaultRates[name];
  return {
    requestsPerSecond: { key: rate('key'), anonymous: rate('anonymous'), producer: rate('producer') },
    ...(seriesPerMetric === undefined ? {} : { seriesPerMetric }),
    unknownMetrics: own?.unknownMetrics ?? top.unknownMetrics ?? DEFAULT_UNKNOWN_METRICS,
    seriesPerUnknownMetric:
      own?.seriesPerUnknownMetric ?? top.seriesPerUnknownMetric ?? DEFAULT_UNKNOWN_SERIES,
  };
}

type Settings = Pick<
  ParsedTenant,
  'origins' | 'strict' | 'metrics' | 'readToken' | 'sentryDsns' | 'telegram'
>;

function tenantOf(id: string, top: ParsedConfig, settings: Settings, own?: ParsedLimits): Tenant {
  const metrics = settings.metrics ?? top.metrics;
  const { readToken, origins = [], strict = top.strict ?? false, sentryDsns = [], telegram } = settings;
  return {
    id,
    ...(readToken === undefined ? {} : { readToken }),
    ...(telegram === undefined ? {} : { telegram }),
    origins,
    strict,
    ...(metrics === undefined ? {} : { metrics }),
    limits: limitsOf(top.limits, own),
    sentryDsns,
  };
}

/** The configured tenants, or the default tenant alone. */
export function tenantsOf(config: ParsedConfig): Tenant[] {
  const { tenants = [] } = config;
  if (tenants.length === 0) return [tenantOf(DEFAULT_TENANT, config, config)];
  return tenants.map(({ app, environment, key, limits, outputs, ...settings }) => ({
    ...tenantOf(`${app}/${environment}`, config, settings, limits),
    app,
    environment,
    key,
    ...(outputs === undefined ? {} : { outputs }),
  }));
}

/** The tenants that there are now. */
export interface TenantRegistry {
  readonly all: readonly Tenant[];
  byId(id: string): Tenant | undefined;
  /** The tenant of a batch's key; where no tenants are configured, the default one whatever the key. */
  byKey(key: string | undefined): Tenant | undefined;
}

export function createTenantRegistry(tenants: readonly Tenant[]): TenantRegistry {
  const ids = new Map(tenants.map((tenant) => [tenant.id, tenant]));
  const keys = new Map(tenants.map((tenant) => [tenant.key, tenant]));
  const only = ids.get(DEFAULT_TENANT);
  return {
    all: tenants,
    byId: (id) => ids.get(id),
    byKey: (key) => only ?? (key === undefined ? undefined : keys.get(key)),
  };
}
