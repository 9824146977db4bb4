/** Who or what attempts are counted of. */
export type SubjectKind = 'address' | 'account';

/** Whose attempts are counted, and how many are too many. */
export interface Subject {
  readonly kind: SubjectKind;
  /** A keyed hash: a store never sees an address or an account. */
  readonly key: string;
  /** How many attempts within the window are brute force. */
  readonly limit: number;
}

/** What an attempt has come to. */
export interface Attempts {
  /** Within the window, `limit` at the most. */
  readonly count: number;
  /** Whether this attempt was the one that made it brute force: once for each subject and window. */
  readonly raised: boolean;
}

/** What a session was used with: keyed hashes. */
export interface SessionPrint {
  readonly address: string;
  readonly userAgent: string;
}

/**
 * `same` and `moved` are the user: on another network, or with another browser. In `foreign` both have changed at once;
 * `foreign_again` has been answered `foreign` before.
 */
export type SessionUse = 'new' | 'same' | 'moved' | 'foreign' | 'foreign_again';

/** What a monitor remembers. Times are Unix times in ms; keys are keyed hashes. */
export interface SecurityStore {
  /** Counts one attempt of all subjects at once, so that of any number of processes one is told that it was too many. */
  addAttempt(subjects: readonly Subject[], windowMs: number, now: number): Promise<readonly Attempts[]>;
  /** How many attempts there are within the window, without adding one. */
  countAttempts(subjects: readonly Subject[], windowMs: number, now: number): Promise<readonly number[]>;
  /** Forgets the attempts of a subject. */
  resetAttempts(subject: Pick<Subject, 'kind' | 'key'>): Promise<void>;
  /** How often a subject has been brute force, this time included, until it was quiet for `forgetMs`. */
  addOffence(key: string, forgetMs: number, now: number): Promise<number>;
  /** A block that ends later than `until` stays. */
  block(key: string, until: number, now: number): Promise<void>;
  /** Ends a block, if there is one. */
  unblock(key: string, now: number): Promise<void>;
  /** When the block of `key` ends; 0 where there is none. Asked at each request. */
  blockedUntil(key: string, now: number): number | Promise<number>;
  /** Takes note of a session in use, and tells whether it is its user who uses it. The first print is kept for `keepMs` after the last use. */
  useSession(key: string, print: SessionPrint, keepMs: number, now: number): Promise<SessionUse>;
}
