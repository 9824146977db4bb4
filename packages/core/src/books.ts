/** Why an event was given up. */
export type DropReason = 'age' | 'consent' | 'invalid' | 'overflow' | 'rejected' | 'sampled' | 'shutdown';

type Drops = Record<string, number>;

/**
 * The accounts of one page: `emitted = acknowledged + pending + Σ dropped`. Pending is counted where the events lie,
 * in the window and the outbox; the other three are counted here.
 */
export interface Books {
  emitted: number;
  adopted: number;
  acknowledged: number;
  readonly dropped: Drops;
  drop(reason: DropReason, events: number): void;
  /** Takes the drops that no batch has reported yet; the batch that takes them carries them to the gateway. */
  takeUnreported(): Drops | undefined;
  /** Gives drops back whose batch was itself given up. */
  giveBack(drops: Readonly<Drops> | undefined): void;
}

export function createBooks(): Books {
  const dropped: Drops = {};
  let unreported: Drops | undefined;
  const add = (to: Drops, reason: string, events: number) => {
    to[reason] = (to[reason] ?? 0) + events;
  };
  const giveBack = (drops: Readonly<Drops> = {}) => {
    for (const [reason, events] of Object.entries(drops)) {
      unreported ??= {};
      add(unreported, reason, events);
    }
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
      if (reason !== 'consent' && reason !== 'sampled') giveBack({ [reason]: events });
    },
    takeUnreported() {
      const drops = unreported;
      unreported = undefined;
      return drops;
    },
    giveBack,
  };
}
