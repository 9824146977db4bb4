import { createAllowList } from './allowList';
import { createFailureReasons } from './failureReason';
import { type Finding, findSuspicion } from './findSuspicion';
import { createKeyedHash } from './keyedHash';
import { createLineBudget } from './lineBudget';
import { networkKey } from './networkKey';
import { type SecurityEvent, SecurityEventType, type SecurityRecord } from './securityEvent';
import {
  readBlocking,
  readBruteForce,
  readLines,
  readSessionMs,
  type SecurityMonitorOptions,
} from './securityOptions';
import { toRecord } from './securityRecord';
import { createMemoryStore } from './store/memoryStore';
import type { Attempts, Subject, SubjectKind } from './store/securityStore';

/** Who is signing in, and from where. */
export interface SignIn {
  /** The client's address, such as Fastify's `request.ip`, which heeds `trustProxy`. */
  readonly address?: string;
  /** Whose account it is, or would be: a login or an id, the same way each time. */
  readonly account?: string;
  readonly userAgent?: string;
}

export interface FailedSignIn extends SignIn {
  /** Why, as the label `reason`: `wrong_password`, `bad_signature`, `expired` … one of few. */
  readonly reason?: string;
}

export interface BruteForceState {
  /** Failed sign-ins within the window, from this address and on this account; the limit at the most. */
  readonly addressAttempts: number;
  readonly accountAttempts: number;
  /** Whether one of them has come to its limit. */
  readonly isBruteForce: boolean;
}

export interface FailedAttempt extends BruteForceState {
  /** What this attempt, and no other within the window, has made brute force. */
  readonly raised: readonly SubjectKind[];
}

export interface SessionUser extends SignIn {
  readonly sessionId: string;
}

/** Watches sign-ins, addresses, sessions and requests. Nothing that it promises rejects: where its store fails it says so once. */
export interface SecurityMonitor {
  readonly service: string;
  /** Counts an event, writes its line, and tells of it where it is critical. Answers what may be written of it. */
  logSecurityEvent(event: SecurityEvent): SecurityRecord;
  /** Counts a sign-in that has failed, and raises brute force with the attempt that is one too many. */
  recordFailedAttempt(attempt: FailedSignIn): Promise<FailedAttempt>;
  /** A sign-in that has succeeded: the account's attempts are forgotten; those of its address are not. */
  recordSuccess(signIn: SignIn): Promise<void>;
  /** What is known without counting an attempt, such as to ask for a captcha. */
  checkBruteForce(address: string | undefined, account?: string): Promise<BruteForceState>;
  /** The most suspicious value within what somebody has sent, if any. */
  checkSuspiciousPatterns(data: unknown): Finding | undefined;
  /** Blocks an address (of IPv6, its /64) for `ms`. One that is on the allow-list is not blocked, which is logged. */
  block(address: string, ms: number, reason: string): Promise<void>;
  unblock(address: string): Promise<void>;
  isBlocked(address: string): Promise<boolean>;
  /** For how many ms an address is still blocked; 0 where it is not. A promise only where Redis is asked. */
  blockedForMs(address: string): number | Promise<number>;
  /**
   * Takes note of a session in use, and tells whether it is used by somebody else: with another address and another browser
   * at once. One of both changes when people take their phone out of the house, or update it.
   */
  checkSession(use: SessionUser): Promise<boolean>;
}

const NO_ATTEMPTS: Attempts = { count: 0, raised: false };

/** Throws a `RangeError` that names the option that is wrong. */
export function createSecurityMonitor(options: SecurityMonitorOptions): SecurityMonitor {
  const { service, logger, metrics, store = createMemoryStore(), onCritical } = options;
  const hash = createKeyedHash(options.secret);
  const limits = readBruteForce(options.bruteForce);
  const blocking = readBlocking(options.blocking);
  const sessionMs = readSessionMs(options.sessionMs);
  const isAllowed = createAllowList(options.allow ?? []);
  const lines = createLineBudget(readLines(options.linesPerMinute));
  const reasonOf = createFailureReasons();
  const environment = options.environment ?? { now: () => Date.now() };
  const now = (): number => Math.floor(environment.now());
  let hasComplained = false;

  const complain = (error: unknown): void => {
    if (hasComplained) return;
    hasComplained = true;
    const reason = error instanceof Error ? error.message : String(error);
    logger.error({ category: 'security', reason: reason.slice(0, 200) }, 'The security store has failed');
  };
  const orElse = async <T>(asked: () => T | Promise<T>, instead: T): Promise<T> => {
    try {
      return await asked();
    } catch (error) {
      complain(error);
      return instead;
    }
  };

  const addressKey = (address: string): string => hash('store', `address ${networkKey(address)}`, 16);
  const subjectsOf = ({ address, account }: SignIn): readonly Subject[] => [
    ...(address && !isAllowed(address)
      ? [{ kind: 'address' as const, key: addressKey(address), limit: limits.address }]
      : []),
    ...(account
      ? [{ kind: 'account' as const, key: hash('store', `account ${account}`, 16), limit: limits.account }]
      : []),
  ];
  const stateOf = (subjects: readonly Subject[], counts: readonly number[]): BruteForceState => {
    const countOf = (kind: SubjectKind): number =>
      counts[subjects.findIndex((one) => one.kind === kind)] ?? 0;
    return {
      addressAttempts: countOf('address'),
      accountAttempts: countOf('account'),
      isBruteForce: subjects.some(({ limit }, at) => (counts[at] ?? 0) >= limit),
    };
  };

  const tellOfCritical = async (record: SecurityRecord): Promise<void> => {
    try {
      await onCritical?.(record);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      logger.error({ category: 'security', reason: reason.slice(0, 200) }, 'onCritical has failed');
    }
  };

  const logSecurityEvent = (event: SecurityEvent): SecurityRecord => {
    const at = now();
    const record = toRecord(event, service, hash, at);
    const { event_type, severity } = record;
    metrics?.securityEventsTotal.inc({ event_type, severity, service });
    const kept = lines.take(`${event_type} ${record.address_hash ?? record.user_hash ?? ''}`, at);
    if (kept === undefined) return record;
    const line = kept === 0 ? record : { ...record, suppressed: kept };
    logger.warn(line, 'Security event detected');
    if (severity === 'critical') void tellOfCritical(line);
    return line;
  };

  const setBlock = (address: string, ms: number): Promise<void> =>
    orElse(() => store.block(addressKey(address), now() + Math.ceil(ms), now()), undefined);

  /** Blocks who has done it again for longer. Answers for how long. */
  const blockOffender = async (address: string): Promise<number> => {
    if (!blocking) return 0;
    const offences = await orElse(() => store.addOffence(addressKey(address), blocking.forgetMs, now()), 1);
    const ms = Math.min(blocking.maxMs, blocking.firstMs * blocking.factor ** (offences - 1));
    await setBlock(address, ms);
    return Math.ceil(ms);
  };

  return {
    service,
    logSecurityEvent,
    async recordFailedAttempt(attempt) {
      const { address, account, userAgent } = attempt;
      const reason = reasonOf(attempt.reason);
      metrics?.authFailuresTotal.inc({ reason, service });
      const subjects = subjectsOf(attempt);
      const found = await orElse(
        () => store.addAttempt(subjects, limits.windowMs, now()),
        subjects.map(() => NO_ATTEMPTS),
      );
      const counts = found.map(({ count }) => count);
      const state = stateOf(subjects, counts);
      const raised = subjects.filter((_, at) => found[at]?.raised).map(({ kind }) => kind);
      const who = {
        ...(address ? { address } : {}),
        ...(account ? { userId: account } : {}),
        ...(userAgent ? { userAgent } : {}),
      };
      const attempts = Math.max(state.addressAttempts, state.accountAttempts);
      logSecurityEvent({ type: SecurityEventType.AUTH_FAILURE, ...who, details: { reason, attempts } });
      if (raised.length > 0) {
        const blocked = address && raised.includes('address') ? await blockOffender(address) : 0;
        const details = { by: raised.join(','), attempts, window_ms: limits.windowMs, blocked_ms: blocked };
        logSecurityEvent({ type: SecurityEventType.BRUTE_FORCE, ...who, details });
      }
      return { ...state, raised };
    },
    async recordSuccess({ account }) {
      for (const subject of subjectsOf(account ? { account } : {})) {
        await orElse(() => store.resetAttempts(subject), undefined);
      }
    },
    async checkBruteForce(address, account) {
      const subjects = subjectsOf({ ...(address ? { address } : {}), ...(account ? { account } : {}) });
      const counts = await orElse(() => store.countAttempts(subjects, limits.windowMs, now()), []);
      return stateOf(subjects, counts);
    },
    checkSuspiciousPatterns: findSuspicion,
    async block(address, ms, reason) {
      if (!(ms > 0)) throw new RangeError(`ms: expected a number above 0, got ${ms}`);
      const record = toRecord(
        { type: SecurityEventType.SUSPICIOUS_IP, address, details: { reason, blocked_ms: ms } },
        service,
        hash,
        now(),
      );
      const fields = { category: 'security', service, address_hash: record.address_hash, ...record.details };
      if (isAllowed(address)) {
        return logger.warn(fields, 'An address of the allow-list is not blocked');
      }
      await setBlock(address, ms);
      logger.warn(fields, 'An address is blocked');
    },
    unblock: (address) => orElse(() => store.unblock(addressKey(address), now()), undefined),
    async isBlocked(address) {
      return (await this.blockedForMs(address)) > 0;
    },
    blockedForMs(address) {
      if (!address || isAllowed(address)) return 0;
      const left = (until: number): number => Math.max(0, until - now());
      try {
        const until = store.blockedUntil(addressKey(address), now());
        if (typeof until === 'number') return left(until);
        return orElse(() => until, 0).then(left);
      } catch (error) {
        complain(error);
        return 0;
      }
    },
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
          ...(address ? { address } : {}),
          ...(account ? { userId: account } : {}),
          ...(userAgent ? { userAgent } : {}),
          details: { session_hash: key.slice(0, 16) },
        });
      }
      return use === 'foreign' || use === 'foreign_again';
    },
  };
}
