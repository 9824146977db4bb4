import type { Delta } from './aggregate';

/**
 * Names of metrics outside the catalogue that held batches are going to bring: their room is taken, though no book knows
 * them yet. Without, batches that are held at one time would each find the same room.
 */
export interface HeldNames {
  /** `others` and those that are held for a tenant. */
  with(tenant: string, others: ReadonlySet<string>): ReadonlySet<string>;
  add(tenant: string, deltas: readonly Delta[]): void;
  remove(tenant: string, deltas: readonly Delta[]): void;
}

const namesIn = (deltas: readonly Delta[]): Set<string> =>
  new Set(deltas.filter(({ family }) => !family.known).map(({ family }) => family.name));

export function createHeldNames(): HeldNames {
  /** How many held batches bring a name, by tenant. */
  const held = new Map<string, Map<string, number>>();
  return {
    with(tenant, others) {
      const names = held.get(tenant);
      return names ? new Set([...others, ...names.keys()]) : others;
    },
    add(tenant, deltas) {
      for (const name of namesIn(deltas)) {
        const names = held.get(tenant) ?? new Map<string, number>();
        held.set(tenant, names.set(name, (names.get(name) ?? 0) + 1));
      }
    },
    remove(tenant, deltas) {
      const names = held.get(tenant);
      if (!names) return;
      for (const name of namesIn(deltas)) {
        const left = (names.get(name) ?? 0) - 1;
        if (left > 0) names.set(name, left);
        else names.delete(name);
      }
      if (names.size === 0) held.delete(tenant);
    },
  };
}
