import type { AppMetrics } from '../metrics';
import { type CheckResult, type HealthCheck, type HealthStatus, worst } from './healthCheck';
import type { SlaReport } from './slaReport';
import { type CheckWatch, watchCheck } from './watchCheck';

/** What a {@link HealthMonitor} is told. */
export interface HealthMonitorOptions {
  /** Shown in reports. */
  readonly version?: string;
  readonly checks?: readonly HealthCheck[];
  /** For how long a check's result is answered again, in ms, however often it is asked for; 2,000 if left out. */
  readonly cacheMs?: number;
  /** Where `health_check_status` is shown; it tells what was last found, so something must probe. */
  readonly metrics?: Pick<AppMetrics, 'healthCheckStatus'>;
  /** Told when a check's status changes, with the error that reports do not show. */
  readonly logger?: {
    /** Writes a line: a check is well again. */
    info(fields: object, message: string): void;
    /** Writes a line: a check is worse than before. */
    warn(fields: object, message: string): void;
  };
  /** Where `runAllChecks` gets the SLA's figures, as `() => createSlaReport(…)`; at most once a minute. */
  readonly sla?: () => Promise<SlaReport>;
  /** ms since any fixed moment, never back; `performance.now` if left out. */
  readonly elapsed?: () => number;
}

/** What all checks have found, as `/health` shows it. */
export interface HealthReport {
  readonly status: HealthStatus;
  readonly checks: readonly CheckResult[];
  /** ISO 8601. */
  readonly timestamp: string;
  readonly version?: string;
  /** `null` with a reason in `slaProblem` where the figures could not be had. */
  readonly sla?: SlaReport | null;
  readonly slaProblem?: string;
}

/** Whether requests may come, as `/health/ready` shows it. */
export interface Readiness {
  readonly ready: boolean;
  /** Names of the critical checks that are unhealthy. */
  readonly failed: readonly string[];
  /** Names of the other checks that are unhealthy, or take too long to tell: requests may come, and some of them get less. */
  readonly degraded: readonly string[];
  readonly draining: boolean;
}

const CACHE_MS = 2_000;
/** How long readiness waits for checks that are not critical. */
const PROBE_MS = 500;
const SLA_KEPT_MS = 60_000;
const SHOWN: Readonly<Record<HealthStatus, number>> = { healthy: 1, degraded: 0.5, unhealthy: 0 };
const NAME = /^[\w .:/-]{1,64}$/;

const lateFor = (ms: number): Promise<Pick<CheckResult, 'status'>> =>
  new Promise((resolve) => setTimeout(resolve, ms, { status: 'unhealthy' }).unref());

function checkOf(check: HealthCheck, taken: Iterable<string>): HealthCheck {
  const { name, timeoutMs } = check;
  if (!NAME.test(name)) {
    throw new TypeError(`name: expected 1 to 64 letters, digits and ._:/-, got ${JSON.stringify(name)}`);
  }
  if ([...taken].includes(name))
    throw new TypeError(`name: there is a check ${JSON.stringify(name)} already`);
  if (timeoutMs !== undefined && !(timeoutMs > 0 && timeoutMs <= 2 ** 31 - 1)) {
    throw new TypeError(`timeoutMs of ${name}: expected a number above 0, got ${timeoutMs}`);
  }
  return check;
}

/**
 * Runs a service's health checks, side by side, each with its own timeout, and no check twice at a time. A service is
 * unhealthy when a critical check is, and degraded when any other check is not healthy.
 */
export class HealthMonitor {
  readonly #options: HealthMonitorOptions;
  readonly #watches = new Map<string, CheckWatch>();
  readonly #before = new Map<string, HealthStatus>();
  readonly #elapsed: () => number;
  #draining = false;
  #sla:
    | { readonly at: number; readonly report: Promise<Pick<HealthReport, 'sla' | 'slaProblem'>> }
    | undefined;

  /** Throws a `TypeError` that names a check, or an option of one, that is wrong. */
  constructor(options: HealthMonitorOptions = {}) {
    this.#options = options;
    this.#elapsed = options.elapsed ?? (() => performance.now());
    for (const check of options.checks ?? []) this.addCheck(check);
  }

  /** Adds a check. Throws a `TypeError` where its name is taken or no name, or its timeout no time. */
  addCheck(check: HealthCheck): void {
    const watch = watchCheck(checkOf(check, this.#watches.keys()), {
      cacheMs: this.#options.cacheMs ?? CACHE_MS,
      elapsed: this.#elapsed,
      onResult: (result, error) => this.#tell(result, error),
    });
    this.#watches.set(check.name, watch);
  }

  /** Runs all checks, or answers what they found a moment ago. Never rejects. */
  async runAllChecks(): Promise<HealthReport> {
    const [checks, sla] = await Promise.all([this.#results(), this.#slaFigures()]);
    const { version } = this.#options;
    return {
      status: worst(
        checks.map(({ status, critical }) => (critical || status === 'healthy' ? status : 'degraded')),
      ),
      checks,
      timestamp: new Date().toISOString(),
      ...(version !== undefined && { version }),
      ...sla,
    };
  }

  /** Whether requests may come: every critical check is at least degraded, and the service does not shut down. */
  async readiness(): Promise<Readiness> {
    if (this.#draining) return { ready: false, failed: [], degraded: [], draining: true };
    const unhealthy = await Promise.all(
      [...this.#watches.values()].map(async (watch) => {
        const { name, critical = true } = watch.check;
        // What is not critical must not make a probe wait until it gives up itself.
        const result = critical ? watch.result() : Promise.race([watch.result(), lateFor(PROBE_MS)]);
        return (await result).status === 'unhealthy' ? [{ name, critical }] : [];
      }),
    );
    const namesOf = (isCritical: boolean) =>
      unhealthy.flat().flatMap(({ name, critical }) => (critical === isCritical ? [name] : []));
    const failed = namesOf(true);
    return { ready: failed.length === 0, failed, degraded: namesOf(false), draining: false };
  }

  /** From now on the service is not ready: it shuts down, and finishes only what it has. */
  startDraining(): void {
    this.#draining = true;
  }

  #results(): Promise<CheckResult[]> {
    return Promise.all([...this.#watches.values()].map((watch) => watch.result()));
  }

  #tell(result: CheckResult, error: unknown): void {
    const { name, status, reason } = result;
    this.#options.metrics?.healthCheckStatus.set({ check: name }, SHOWN[status]);
    const before = this.#before.get(name) ?? 'healthy';
    this.#before.set(name, status);
    if (status === before) return;
    const fields = { check: name, status, before, reason, ...(error !== undefined && { err: error }) };
    if (status === 'healthy') this.#options.logger?.info(fields, 'health check healed');
    else this.#options.logger?.warn(fields, `health check ${status}`);
  }

  #slaFigures(): Promise<Pick<HealthReport, 'sla' | 'slaProblem'>> {
    const { sla } = this.#options;
    if (!sla) return Promise.resolve({});
    const now = this.#elapsed();
    if (!this.#sla || now - this.#sla.at >= SLA_KEPT_MS) {
      const report = sla().then(
        (figures) => ({ sla: figures }),
        (error: unknown) => {
          this.#options.logger?.warn({ err: error }, 'SLA figures not available');
          return { sla: null, slaProblem: 'Prometheus did not answer the queries' };
        },
      );
      this.#sla = { at: now, report };
    }
    return this.#sla.report;
  }
}
