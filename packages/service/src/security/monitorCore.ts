import { networkKey } from '@artel/telemetry-protocol/check';
import { createKeyedHash, type KeyedHash } from './keyedHash';
import { createLineBudget } from './lineBudget';
import { type SecurityEvent, SecurityEventType, type SecurityRecord, usualSeverity } from './securityEvent';
import { readLines, type SecurityLogger, type SecurityMonitorOptions } from './securityOptions';
import { toRecord } from './securityRecord';
import { createMemoryStore } from './store/memoryStore';
import { createRecencyMap } from './store/recencyMap';
import type { SecurityStore } from './store/securityStore';

/** What all parts of a monitor share. */
export interface MonitorCore {
  readonly service: string;
  readonly logger: SecurityLogger;
  readonly store: SecurityStore;
  readonly hash: KeyedHash;
  /** The key under which the store has an address. */
  addressKey(address: string): string;
  /** Unix time in whole ms. */
  now(): number;
  /** What `asked` resolves with, or `instead` where it fails: a store that fails must not fail a sign-in. */
  orElse<T>(asked: () => T | Promise<T>, instead: T): Promise<T>;
  /** Says once that the store has failed. */
  complain(error: unknown): void;
  logSecurityEvent(event: SecurityEvent): SecurityRecord;
}

function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 200);
}

/** What is logged of a record: a logger stamps its lines by itself, and calls a second time by another name. */
function withoutTime({ timestamp: _, ...fields }: SecurityRecord): Omit<SecurityRecord, 'timestamp'> {
  return fields;
}

export function createMonitorCore(options: SecurityMonitorOptions): MonitorCore {
  const { service, logger, metrics, onCritical } = options;
  const hash = createKeyedHash(options.secret);
  const lines = createLineBudget(readLines(options.linesPerMinute));
  const environment = options.environment ?? { now: () => Date.now() };
  const now = (): number => Math.floor(environment.now());
  // It is asked for at each request, and to hash takes longer than all the rest.
  const addressKeys = createRecencyMap<string>(4_096);
  let hasComplained = false;
  for (const event_type of Object.values(SecurityEventType)) {
    metrics?.securityEventsTotal.zero?.({ event_type, severity: usualSeverity[event_type], service });
  }

  const complain = (error: unknown): void => {
    if (hasComplained) return;
    hasComplained = true;
    logger.error({ category: 'security', reason: reasonOf(error) }, 'The security store has failed');
  };

  const tellOfCritical = async (record: SecurityRecord): Promise<void> => {
    try {
      await onCritical?.(record);
    } catch (error) {
      logger.error({ category: 'security', reason: reasonOf(error) }, 'onCritical has failed');
    }
  };

  return {
    service,
    logger,
    store: options.store ?? createMemoryStore(),
    hash,
    addressKey(address) {
      const known = addressKeys.get(address);
      if (known !== undefined) return known;
      const key = hash('store', `address ${networkKey(address)}`, 16);
      addressKeys.set(address, key);
      return key;
    },
    now,
    complain,
    async orElse(asked, instead) {
      try {
        return await asked();
      } catch (error) {
        complain(error);
        return instead;
      }
    },
    logSecurityEvent(event) {
      const at = now();
      const record = toRecord(event, service, hash, at);
      const { event_type, severity } = record;
      metrics?.securityEventsTotal.inc({ event_type, severity, service });
      const kept = lines.take(`${event_type} ${record.address_hash ?? record.user_hash ?? ''}`, at);
      if (kept === undefined) return record;
      const line = kept === 0 ? record : { ...record, suppressed: kept };
      logger.warn(withoutTime(line), 'Security event detected');
      if (severity === 'critical') void tellOfCritical(line);
      return line;
    },
  };
}
