/** In the order of how bad it is. */
export type HealthStatus = 'healthy' | 'degraded' | 'unhealthy';

/** Figures of a check that may be shown to anybody: no addresses, names of servers or secrets. */
export type HealthDetails = Readonly<Record<string, number | string | boolean>>;

/** What a check has found. One that throws is unhealthy. */
export interface Finding {
  readonly status: HealthStatus;
  /** In plain words and without what only the operator may know; shown to anybody. */
  readonly reason?: string;
  readonly details?: HealthDetails;
}

/** Something that a service needs, and how to see whether it is well. */
export interface HealthCheck {
  /** Shown in reports and as the `check` label. */
  readonly name: string;
  /** Looks; `signal` is aborted at the timeout. Answers nothing where all is well. */
  run(signal: AbortSignal): Promise<Finding | undefined> | Finding | undefined;
  /** How long it may take, in ms; 5,000 if left out. */
  readonly timeoutMs?: number;
  /** Whether the service cannot work without it, so that it is not ready while this is unhealthy; `true` if left out. */
  readonly critical?: boolean;
}

/** A check's result as reports show it. */
export interface CheckResult {
  readonly name: string;
  readonly status: HealthStatus;
  readonly critical: boolean;
  /** How long the check took, in ms. */
  readonly durationMs: number;
  /** When it began, ISO 8601. */
  readonly timestamp: string;
  readonly reason?: string;
  readonly details?: HealthDetails;
}

const RANK: Readonly<Record<HealthStatus, number>> = { healthy: 0, degraded: 1, unhealthy: 2 };

/** The worst of several; healthy where there is none. */
export function worst(statuses: Iterable<HealthStatus>): HealthStatus {
  let result: HealthStatus = 'healthy';
  for (const status of statuses) if (RANK[status] > RANK[result]) result = status;
  return result;
}
