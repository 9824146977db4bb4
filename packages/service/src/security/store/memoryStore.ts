import { type AttemptTable, createAttemptTable } from './attemptTable';
import { type BlockBook, createBlockBook } from './blockBook';
import { createRecencyMap } from './recencyMap';
import type { SecurityStore, SessionPrint, SubjectKind } from './securityStore';

/** What {@link createMemoryStore} is told. */
export interface MemoryStoreOptions {
  /** How many addresses, and how many accounts, are remembered for their attempts, and how many sessions: 20 000. */
  readonly maxEntries?: number;
  /** How many addresses may be blocked at a time: 10 000. */
  readonly maxBlocks?: number;
}

export interface MemoryStore extends SecurityStore {
  readonly blocks: BlockBook;
  /** How many keys are remembered, of all that is remembered. */
  readonly size: number;
  blockedUntil(key: string, now: number): number;
}

interface KnownSession {
  readonly print: SessionPrint;
  readonly foreign: SessionPrint | undefined;
  readonly until: number;
}

function samePrint(one: SessionPrint | undefined, other: SessionPrint): boolean {
  return one?.address === other.address && one.userAgent === other.userAgent;
}

export function checkMax(field: string, value: number): number {
  if (Number.isInteger(value) && value >= 8) return value;
  throw new RangeError(`${field}: expected an integer of at least 8, got ${value}`);
}

/** Remembers in this process, in a bounded room, and forgets with it. For one process, or until Redis is back. */
export function createMemoryStore(options: MemoryStoreOptions = {}): MemoryStore {
  const maxEntries = checkMax('maxEntries', options.maxEntries ?? 20_000);
  const attempts: Readonly<Record<SubjectKind, AttemptTable>> = {
    address: createAttemptTable(maxEntries),
    account: createAttemptTable(maxEntries),
  };
  const offences = createRecencyMap<{ readonly count: number; readonly at: number }>(maxEntries);
  const sessions = createRecencyMap<KnownSession>(maxEntries);
  const blocks = createBlockBook(checkMax('maxBlocks', options.maxBlocks ?? 10_000));

  return {
    blocks,
    get size() {
      return attempts.address.size + attempts.account.size + offences.size + sessions.size + blocks.size;
    },
    async addAttempt(subjects, windowMs, now) {
      return subjects.map(({ kind, key, limit }) => attempts[kind].add(key, limit, windowMs, now));
    },
    async countAttempts(subjects, windowMs, now) {
      return subjects.map(({ kind, key }) => attempts[kind].count(key, windowMs, now));
    },
    async resetAttempts({ kind, key }) {
      attempts[kind].reset(key);
    },
    async addOffence(key, forgetMs, now) {
      const known = offences.get(key);
      const count = known && now - known.at < forgetMs ? known.count + 1 : 1;
      offences.set(key, { count, at: now });
      return count;
    },
    async block(key, until, now) {
      blocks.set(key, until, now);
    },
    async unblock(key) {
      blocks.delete(key);
    },
    blockedUntil(key, now) {
      const until = blocks.until(key);
      if (until > now) return until;
      if (until !== 0) blocks.delete(key);
      return 0;
    },
    async useSession(key, print, keepMs, now) {
      const found = sessions.get(key);
      const known = found && found.until > now ? found : undefined;
      const until = now + keepMs;
      const remember = (next: Omit<KnownSession, 'until'>): void => sessions.set(key, { ...next, until });
      if (!known || known.print.address === print.address || known.print.userAgent === print.userAgent) {
        remember({ print, foreign: known?.foreign });
        if (!known) return 'new';
        return samePrint(known.print, print) ? 'same' : 'moved';
      }
      const isKnown = samePrint(known.foreign, print);
      remember({ print: known.print, foreign: print });
      return isKnown ? 'foreign_again' : 'foreign';
    },
  };
}
