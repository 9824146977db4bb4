import { networkKey } from '@artel/telemetry-protocol/check';
import { type AddressBlocks, createAddressBlocks } from './addressBlocks';
import { createAllowList } from './allowList';
import { type Finding, findSuspicion } from './findSuspicion';
import { createMonitorCore } from './monitorCore';
import { type SecurityEvent, SecurityEventType, type SecurityRecord } from './securityEvent';
import { readSessionMs, type SecurityMonitorOptions } from './securityOptions';
import { createSignIns, type SignIn, type SignIns } from './signIns';

export interface SessionUser extends SignIn {
  readonly sessionId: string;
}

/**
 * Watches sign-ins, addresses, sessions and requests. Each promise of it resolves whatever its store does: where that fails, nobody is
 * blocked or refused for it, and it is logged once.
 */
export interface SecurityMonitor extends SignIns, AddressBlocks {
  readonly service: string;
  /** Counts an event, writes its line, and tells of it where it is critical. Answers what may be written of it. */
  logSecurityEvent(event: SecurityEvent): SecurityRecord;
  /** The most suspicious value within what somebody has sent, if any. */
  checkSuspiciousPatterns(data: unknown): Finding | undefined;
  /**
   * Takes note of a session in use, and tells whether it is used by somebody else: with another address and another browser
   * at once. One of both changes when people take their phone out of the house, or update it. To be called once the session
   * has been found genuine: made-up ones would take the room of others.
   */
  checkSession(use: SessionUser): Promise<boolean>;
}

/** Throws a `RangeError` that names the option that is wrong. */
export function createSecurityMonitor(options: SecurityMonitorOptions): SecurityMonitor {
  const core = createMonitorCore(options);
  const isAllowed = createAllowList(options.allow ?? []);
  const sessionMs = readSessionMs(options.sessionMs);
  const { service, store, hash, now, orElse, logSecurityEvent } = core;

  return {
    ...createSignIns(core, isAllowed, options),
    ...createAddressBlocks(core, isAllowed),
    service,
    logSecurityEvent,
    checkSuspiciousPatterns: findSuspicion,
    async checkSession({ sessionId, address = '', account, userAgent = '' }) {
      const print = {
        address: hash('address', networkKey(address)),
        userAgent: hash('user-agent', userAgent),
      };
      const key = hash('store', `session ${sessionId}`, 16);
      const use = await orElse(() => store.useSession(key, print, sessionMs, now()), 'same');
      if (use === 'foreign') {
        logSecurityEvent({
          type: SecurityEventType.SESSION_HIJACK,
          address,
          userAgent,
          ...(account ? { userId: account } : {}),
          details: { session_hash: key.slice(0, 16) },
        });
      }
      return use === 'foreign' || use === 'foreign_again';
    },
  };
}
