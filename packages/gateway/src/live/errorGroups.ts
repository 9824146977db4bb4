import type { ErrorReport } from './readLine';
import type { ErrorGroup } from './wire';

/** Error reports by what they have in common, a bounded number of groups. */
export interface ErrorGroups {
  add(report: ErrorReport): void;
  /** Every group with its stack, the one seen last first. */
  all(): readonly ErrorGroup[];
  /**
   * Groups that have changed since the last call, with the stack of those not told before, and the ids of groups told
   * before that are gone. At most `most` new ones: the rest come with the next call.
   */
  fresh(most: number): { readonly groups: readonly ErrorGroup[]; readonly gone: readonly number[] };
  clear(): void;
}

export interface ErrorGroupsOptions {
  readonly room: number;
}

/** A group that has been silent for so long makes room before any other. */
const STALE_MS = 15 * 60_000;

interface Group extends ErrorGroup {
  readonly key: string;
  readonly stack: string;
}

/** Ids and times within a message do not make another error. */
function keyOf({ type, message, tenant = '' }: ErrorReport): string {
  const shape = message.replace(/\b[0-9a-f]{8,}\b|\d+/gi, '0');
  return `${tenant}\n${type}\n${shape}`;
}

function bySight(a: Group, b: Group): number {
  return b.last - a.last || b.id - a.id;
}

export function createErrorGroups({ room }: ErrorGroupsOptions): ErrorGroups {
  const groups = new Map<string, Group>();
  const changed = new Set<string>();
  /** Ids that some page may have, and of these the ones that every page has the stack of. */
  const shown = new Set<number>();
  const told = new Set<number>();
  let gone: number[] = [];
  let next = 1;

  /** A group that has gone silent, else the rarest: what happens once must not push out what happens all the time. */
  const makeRoom = (now: number): void => {
    const least = [...groups.values()].reduce((victim, group) => {
      const [stale, victimStale] = [now - group.last > STALE_MS, now - victim.last > STALE_MS];
      if (stale !== victimStale) return stale ? group : victim;
      if (stale || group.count === victim.count) return group.last < victim.last ? group : victim;
      return group.count < victim.count ? group : victim;
    });
    groups.delete(least.key);
    changed.delete(least.key);
    told.delete(least.id);
    if (shown.delete(least.id)) gone.push(least.id);
  };

  const withoutStack = ({ key: _key, stack: _stack, ...group }: Group): ErrorGroup => group;
  const withStack = ({ key: _key, ...group }: Group): ErrorGroup => group;

  return {
    add(report) {
      const key = keyOf(report);
      const before = groups.get(key);
      if (!before && groups.size >= room) makeRoom(report.at);
      const { at, stack, ...rest } = report;
      groups.set(key, {
        ...rest,
        key,
        id: before?.id ?? next++,
        // The first stack stays: it is the one that the page has.
        stack: before?.stack || stack,
        count: (before?.count ?? 0) + 1,
        first: before?.first ?? at,
        last: Math.max(before?.last ?? at, at),
      });
      // The page has it without a stack, and must be told the one that came now.
      if (before && before.stack === '' && stack !== '') told.delete(before.id);
      changed.add(key);
    },
    all() {
      const list = [...groups.values()].sort(bySight);
      for (const { id } of list) shown.add(id);
      return list.map(withStack);
    },
    fresh(most) {
      const list: ErrorGroup[] = [];
      let left = most;
      for (const group of [...groups.values()].filter(({ key }) => changed.has(key)).sort(bySight)) {
        const isNew = !told.has(group.id);
        if (isNew && left === 0) continue;
        if (isNew) left--;
        list.push(isNew ? withStack(group) : withoutStack(group));
        shown.add(group.id);
        told.add(group.id);
        changed.delete(group.key);
      }
      const forgotten = gone;
      gone = [];
      return { groups: list, gone: forgotten };
    },
    clear() {
      groups.clear();
      changed.clear();
      shown.clear();
      told.clear();
      gone = [];
    },
  };
}
