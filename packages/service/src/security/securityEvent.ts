/** The kinds of security events, as logs and metrics name them. */
export const SecurityEventType = {
  AUTH_FAILURE: 'auth_failure',
  BRUTE_FORCE: 'brute_force_detected',
  SUSPICIOUS_IP: 'suspicious_ip_access',
  DATA_BREACH_ATTEMPT: 'data_breach_attempt',
  PRIVILEGE_ESCALATION: 'privilege_escalation',
  SQL_INJECTION: 'sql_injection_attempt',
  XSS_ATTEMPT: 'xss_attempt',
  RATE_LIMIT_EXCEEDED: 'rate_limit_exceeded',
  UNAUTHORIZED_ACCESS: 'unauthorized_access',
  SESSION_HIJACK: 'session_hijack_attempt',
} as const;

export type SecurityEventType = (typeof SecurityEventType)[keyof typeof SecurityEventType];

/** How much an event matters. */
export type Severity = 'low' | 'medium' | 'high' | 'critical';

/** How much an event of each kind matters, where whoever tells of it does not say. */
export const usualSeverity: Readonly<Record<SecurityEventType, Severity>> = {
  auth_failure: 'medium',
  brute_force_detected: 'high',
  suspicious_ip_access: 'medium',
  data_breach_attempt: 'high',
  privilege_escalation: 'critical',
  sql_injection_attempt: 'high',
  xss_attempt: 'high',
  rate_limit_exceeded: 'low',
  unauthorized_access: 'medium',
  session_hijack_attempt: 'critical',
};

/** What happened, as the app tells it: nothing of it is written as it is. */
export interface SecurityEvent {
  readonly type: SecurityEventType;
  /** Else the usual one of the kind. */
  readonly severity?: Severity;
  /** The client's address, such as Fastify's `request.ip`. Only a keyed hash of it is written. */
  readonly address?: string;
  /** Whose account it is about. Only a keyed hash of it is written. */
  readonly userId?: string;
  readonly userAgent?: string;
  /** What else there is to know: scrubbed, flattened and shortened before it is written. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** An event as it is logged, and as Sentry may have it: no address, no user, no secret. */
export interface SecurityRecord {
  readonly category: 'security';
  readonly event_type: SecurityEventType;
  readonly severity: Severity;
  readonly service: string;
  /** ISO 8601. */
  readonly timestamp: string;
  /** Of an IPv4 address, or of the /64 of an IPv6 address. */
  readonly address_hash?: string;
  readonly user_hash?: string;
  readonly user_agent?: string;
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
  /** Lines about the same kind and address that were counted and not written since the last. */
  readonly suppressed?: number;
}
