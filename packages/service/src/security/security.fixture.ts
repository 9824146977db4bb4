import { Counter, Registry } from '@prometheus-io/client';
import pino from 'pino';
import { createSecurityMonitor, type SecurityMonitor } from './securityMonitor';
import type { SecurityLogger, SecurityMetrics, SecurityMonitorOptions } from './securityOptions';

export const SECRET = 'a secret of thirty-two bytes, or of more';

/** A line of the log, read again. */
type Line = Readonly<Record<string, unknown>>;

export interface Watch {
  readonly monitor: SecurityMonitor;
  readonly logger: SecurityLogger;
  /** All lines so far. */
  lines(): readonly Line[];
  /** The lines about events of a kind. */
  linesOf(eventType: string): readonly Line[];
  /** All that was written, as text. */
  text(): string;
  /** The sum of a counter over all series that have these labels. */
  counted(name: string, labels?: Readonly<Record<string, string>>): Promise<number>;
  /** Lets time pass, in ms. */
  pass(ms: number): void;
}

export function createLog(): { logger: SecurityLogger; written: string[] } {
  const written: string[] = [];
  const logger = pino({ base: null }, { write: (line: string) => void written.push(line) });
  return { logger, written };
}

function createCounters(registry: Registry): SecurityMetrics {
  const counter = <T extends string>(name: string, labelNames: readonly T[]): Counter<T> =>
    new Counter({ name, help: name, labelNames, registers: [registry] });
  return {
    authFailuresTotal: counter('auth_failures_total', ['reason', 'service']),
    securityEventsTotal: counter('security_events_total', ['event_type', 'severity', 'service']),
  };
}

/** A monitor with a real logger, real counters, and a clock of the test's. */
export function createWatch(options: Partial<SecurityMonitorOptions> = {}): Watch {
  const registry = new Registry();
  const { logger, written } = createLog();
  let time = 1_764_000_000_000;
  const monitor = createSecurityMonitor({
    service: 'game-service',
    secret: SECRET,
    logger,
    metrics: createCounters(registry),
    environment: { now: () => time },
    ...options,
  });
  const lines = (): Line[] => written.map((line) => JSON.parse(line));
  return {
    monitor,
    logger,
    lines,
    linesOf: (eventType) => lines().filter((line) => line['event_type'] === eventType),
    text: () => written.join(''),
    async counted(name, labels = {}) {
      const metric = (await registry.getMetricsAsJSON()).find((one) => one.name === name);
      const wanted = Object.entries(labels);
      return (metric?.values ?? [])
        .filter((sample) =>
          wanted.every(([key, value]) =>
            Object.entries(sample.labels).some(([k, v]) => k === key && v === value),
          ),
        )
        .reduce((sum, { value }) => sum + value, 0);
    },
    pass(ms) {
      time += ms;
    },
  };
}
