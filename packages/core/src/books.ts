/** Why an event was given up. */
export type DropReason = 'age' | 'consent' | 'invalid' | 'overflow' | 'rejected' | 'sampled' | 'shutdown';

/**
 * The accounts of one page: `emitted = acknowledged + pending + Σ dropped`. Pending is counted where the events lie,
 * in the window and the outbox; the other three are counted here.
 */
export interface Books {
  emitted: number;
  adopted: number;
  acknowledged: number;
  readonly dropped: Record<string, number>;
  drop(reason: DropReason, events: number): void;
  /** Takes the drops that no batch has reported yet; the batch that takes them carries them to the gateway. */
  takeUnreported(): Record<string, number> | undefined;
  /** Gives drops back whose batch was itself given up. */
  giveBack(drops: Readonly<Record<string, number>> | undefined): void;
}

export function createBooks(): Books {
  const dropped: Record<string, number> = {};
  let unreported: Record<string, number> | undefined;
  const add = (to: Record<string, number>, reason: string, events: number) => {
    to[reason] = (to[reason] ?? 0) + events;
  };
  return {
    emitted: 0,
    adopted: 0,
    acknowledged: 0,
    dropped,
    drop(reason, events) {
      if (events <= 0) return;
      add(dropped, reason, events);
      // What a player refused, or the draw left out, is not reported either.
      if (reason === 'consent' || reason === 'sampled') return;
      unreported ??= {};
      add(unreported, reason, events);
    },
    takeUnreported() {
      const drops = unreported;
      unreported = undefined;
      return drops;
    },
    giveBack(drops) {
      if (!drops) return;
      unreported ??= {};
      for (const [reason, events] of Object.entries(drops)) add(unreported, reason, events);
    },
  };
}
