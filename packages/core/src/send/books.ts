/** Why an event was dropped. */
export type DropReason =
  | 'age'
  | 'consent'
  | 'invalid'
  | 'noise'
  | 'overflow'
  | 'rejected'
  | 'sampled'
  | 'shutdown';

type Drops = Record<string, number>;

/**
 * The accounts of one page: `emitted = acknowledged + pending + sum of dropped`, in whole events. Pending events are
 * counted where they are, in the window and the outbox; the other three here.
 */
export interface Books {
  emitted: number;
  adopted: number;
  acknowledged: number;
  readonly dropped: Drops;
  drop(reason: DropReason, events: number): void;
  /** Takes the drops that no batch has reported yet; the batch that takes them reports them to the gateway. */
  takeUnreported(): Readonly<Drops> | undefined;
  /** Returns drops whose batch was itself dropped, so that a later batch reports them. */
  giveBack(drops: Readonly<Drops> | undefined): void;
}

export function createBooks(): Books {
  const dropped: Drops = {};
  let unreported: Drops | undefined;
  const giveBack = (drops: Readonly<Drops> = {}) => {
    // Own names only: old libraries add to `Object.prototype`.
    for (const reason of Object.keys(drops)) {
      unreported ??= {};
      unreported[reason] = (unreported[reason] ?? 0) + (drops[reason] ?? 0);
    }
  };
  return {
    emitted: 0,
    adopted: 0,
    acknowledged: 0,
    dropped,
    drop(reason, events) {
      if (!events) return;
      dropped[reason] = (dropped[reason] ?? 0) + events;
      // What a player refused, or the sample left out, is not reported either.
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
