/** How much of each second a tenant may ask, as a mean over ten; 0 is without bound. A request counts as one. */
export interface TenantRates {
  /** All batches under the tenant's key. */
  readonly key: number;
  /** Those of them that come without a session token. */
  readonly anonymous: number;
  /** Batches of one producer, that is of one page load. */
  readonly producer: number;
}

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
  readonly limits: TenantLimits;
  /** DSNs that the Sentry tunnel lets through. */
  readonly sentryDsns: readonly string[];
  /** Names of the outputs that get its logs and spans; left out, all do. */
  readonly outputs?: readonly string[];
}

/** The tenant of a gateway for which none is configured. */
export const DEFAULT_TENANT = 'default';
