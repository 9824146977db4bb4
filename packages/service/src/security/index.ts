export { networkKey } from '@artel/telemetry-protocol/check';
export type { AddressBlocks } from './addressBlocks';
export { inspectPath, inspectText, SUSPICIOUS, type Suspicion } from './detect/inspectText';
export type { AttackKind } from './detect/rule';
export { equalSecrets } from './equalSecrets';
export type { Finding } from './findSuspicion';
export { createKeyedHash, type HashPurpose, type KeyedHash } from './keyedHash';
export type { RequestEvent, RequestSecurity } from './requestSecurity';
export {
  type SecurityEvent,
  SecurityEventType,
  type SecurityRecord,
  type Severity,
  usualSeverity,
} from './securityEvent';
export { createSecurityMonitor, type SecurityMonitor, type SessionUser } from './securityMonitor';
export type {
  BlockingOptions,
  BruteForceOptions,
  SecurityLogger,
  SecurityMetrics,
  SecurityMonitorOptions,
} from './securityOptions';
export { type SecurityPluginOptions, securityPlugin } from './securityPlugin';
export type { BruteForceState, FailedAttempt, FailedSignIn, SignIn, SignIns } from './signIns';
export type { BlockBook } from './store/blockBook';
export { createMemoryStore, type MemoryStore, type MemoryStoreOptions } from './store/memoryStore';
export type { GuardLogger, RedisScripting, ScriptArguments } from './store/redisGuard';
export { createRedisStore, type RedisStoreOptions } from './store/redisStore';
export type {
  Attempts,
  SecurityStore,
  SessionPrint,
  SessionUse,
  Subject,
  SubjectKind,
} from './store/securityStore';
