import { endpointTemplate } from '@artel/telemetry-protocol';
import type { FastifyRequest } from 'fastify';
import { type SecurityEvent, SecurityEventType } from './securityEvent';
import type { SecurityMonitor } from './securityMonitor';
import type { FailedAttempt, FailedSignIn, SignIn } from './signIns';

/** What a route tells of an event beside its kind. */
export type RequestEvent = Pick<SecurityEvent, 'details' | 'severity' | 'userId'>;

/** The route's own template; of a path that no route has, one made of it, so that no token in it is logged. */
function endpointOf({ routeOptions, raw }: FastifyRequest): string {
  return routeOptions.url ?? endpointTemplate(raw.url ?? '');
}

/** What a route tells of its request: address and user agent are filled in. */
export class RequestSecurity {
  readonly #monitor: SecurityMonitor;
  readonly #request: FastifyRequest;
  readonly #userOf: (request: FastifyRequest) => string | undefined;
  #isTold = false;

  constructor(
    monitor: SecurityMonitor,
    request: FastifyRequest,
    userOf: (request: FastifyRequest) => string | undefined,
  ) {
    this.#monitor = monitor;
    this.#request = request;
    this.#userOf = userOf;
  }

  /** Whether something was told of the request already, so that its 401, 403 or 429 says nothing new. */
  get isTold(): boolean {
    return this.#isTold;
  }

  /** A sign-in has failed. `account` is whose it would have been, where that is known. */
  authFailure(failure: Pick<FailedSignIn, 'account' | 'reason'> = {}): Promise<FailedAttempt> {
    this.#isTold = true;
    return this.#monitor.recordFailedAttempt({ ...this.#who(), ...failure });
  }

  /** A sign-in has succeeded. */
  authSuccess(success: Pick<SignIn, 'account'>): Promise<void> {
    return this.#monitor.recordSuccess({ ...this.#who(), ...success });
  }

  /** Takes note of the session of this request, and tells whether somebody else has taken it over. */
  checkSession(sessionId: string, account?: string): Promise<boolean> {
    return this.#monitor.checkSession({ ...this.#who(), sessionId, ...(account ? { account } : {}) });
  }

  /** Somebody tries to do what only others may. */
  privilegeEscalation(told: RequestEvent = {}): void {
    this.report(SecurityEventType.PRIVILEGE_ESCALATION, told);
  }

  /** The address is one that should not be here, such as from a list or another continent than a minute ago. */
  suspiciousIp(told: RequestEvent = {}): void {
    this.report(SecurityEventType.SUSPICIOUS_IP, told);
  }

  /** Any other event of this request. */
  report(type: SecurityEventType, told: RequestEvent = {}): void {
    this.#isTold = true;
    const userId = this.#userOf(this.#request);
    const { method } = this.#request;
    this.#monitor.logSecurityEvent({
      ...this.#who(),
      ...(userId ? { userId } : {}),
      ...told,
      type,
      details: { method, endpoint: endpointOf(this.#request), ...told.details },
    });
  }

  #who(): { address: string; userAgent: string } {
    return { address: this.#request.ip ?? '', userAgent: this.#request.headers['user-agent'] ?? '' };
  }
}
