import { blockOffender } from './addressBlocks';
import type { AllowList } from './allowList';
import { createFailureReasons } from './failureReason';
import type { MonitorCore } from './monitorCore';
import { SecurityEventType } from './securityEvent';
import { readBlocking, readBruteForce, type SecurityMonitorOptions } from './securityOptions';
import type { Attempts, Subject, SubjectKind } from './store/securityStore';

/** Who is signing in, and from where. */
export interface SignIn {
  /** The client's address, such as Fastify's `request.ip`, which heeds `trustProxy`. */
  readonly address?: string;
  /** Whose account it is, or would be: a login or an id, the same way each time. */
  readonly account?: string;
  readonly userAgent?: string;
}

/** A sign-in that has failed. */
export interface FailedSignIn extends SignIn {
  /** Why, as the label `reason`: `wrong_password`, `bad_signature`, `expired` … one of few. */
  readonly reason?: string;
}

/** How near somebody is to brute force. */
export interface BruteForceState {
  /** Failed sign-ins within the window, from this address and on this account; the limit at the most. */
  readonly addressAttempts: number;
  readonly accountAttempts: number;
  /** Whether one of them has come to its limit. */
  readonly isBruteForce: boolean;
}

/** What a sign-in that has failed has come to. */
export interface FailedAttempt extends BruteForceState {
  /** What this attempt, and no other within the window, has made brute force. */
  readonly raised: readonly SubjectKind[];
}

/** Sign-ins that have failed, by address and by account. */
export interface SignIns {
  /** Counts a sign-in that has failed, and raises brute force with the attempt that is one too many. */
  recordFailedAttempt(attempt: FailedSignIn): Promise<FailedAttempt>;
  /** A sign-in that has succeeded: the account's attempts are forgotten; those of its address are not. */
  recordSuccess(signIn: SignIn): Promise<void>;
  /** What is known without counting an attempt, such as to ask for a captcha. */
  checkBruteForce(address: string | undefined, account?: string): Promise<BruteForceState>;
}

const NONE: Attempts = { count: 0, raised: false };

function stateOf(subjects: readonly Subject[], counts: readonly number[]): BruteForceState {
  const countOf = (kind: SubjectKind): number => counts[subjects.findIndex((one) => one.kind === kind)] ?? 0;
  return {
    addressAttempts: countOf('address'),
    accountAttempts: countOf('account'),
    isBruteForce: subjects.some(({ limit }, at) => (counts[at] ?? 0) >= limit),
  };
}

export function createSignIns(
  core: MonitorCore,
  isAllowed: AllowList,
  options: Pick<SecurityMonitorOptions, 'bruteForce' | 'blocking' | 'failureReasons' | 'metrics'>,
): SignIns {
  const { service, store, hash, addressKey, now, orElse, logSecurityEvent } = core;
  const limits = readBruteForce(options.bruteForce);
  const blocking = readBlocking(options.blocking);
  const reasonOf = createFailureReasons();
  for (const reason of options.failureReasons ?? []) {
    options.metrics?.authFailuresTotal.zero?.({ reason: reasonOf(reason), service });
  }

  const subjectsOf = (address: string | undefined, account: string | undefined): readonly Subject[] => {
    const subjects: Subject[] = [];
    if (address && !isAllowed(address)) {
      subjects.push({ kind: 'address', key: addressKey(address), limit: limits.address });
    }
    if (account) {
      subjects.push({ kind: 'account', key: hash('store', `account ${account}`, 16), limit: limits.account });
    }
    return subjects;
  };

  return {
    async recordFailedAttempt({ address, account, userAgent, reason }) {
      const label = reasonOf(reason);
      options.metrics?.authFailuresTotal.inc({ reason: label, service });
      const subjects = subjectsOf(address, account);
      const found = await orElse(
        () => store.addAttempt(subjects, limits.windowMs, now()),
        subjects.map(() => NONE),
      );
      const state = stateOf(
        subjects,
        found.map(({ count }) => count),
      );
      const raised = subjects.filter((_, at) => found[at]?.raised).map(({ kind }) => kind);
      const attempts = Math.max(state.addressAttempts, state.accountAttempts);
      const who = {
        ...(address ? { address } : {}),
        ...(account ? { userId: account } : {}),
        ...(userAgent ? { userAgent } : {}),
      };
      logSecurityEvent({
        type: SecurityEventType.AUTH_FAILURE,
        ...who,
        details: { reason: label, attempts },
      });
      if (raised.length > 0) {
        const offends = blocking && address && raised.includes('address');
        const blocked = offends ? await blockOffender(core, address, blocking) : 0;
        const details = { by: raised.join(','), attempts, window_ms: limits.windowMs, blocked_ms: blocked };
        logSecurityEvent({ type: SecurityEventType.BRUTE_FORCE, ...who, details });
      }
      return { ...state, raised };
    },
    async recordSuccess({ account }) {
      for (const subject of subjectsOf(undefined, account)) {
        await orElse(() => store.resetAttempts(subject), undefined);
      }
    },
    async checkBruteForce(address, account) {
      const subjects = subjectsOf(address, account);
      return stateOf(subjects, await orElse(() => store.countAttempts(subjects, limits.windowMs, now()), []));
    },
  };
}
