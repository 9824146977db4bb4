import type { Stats } from '@artel/telemetry-react';

/** The books summed up: `emitted = acknowledged + pending + dropped`. */
export interface Balance {
  readonly dropped: number;
  /** Reasons with events, the most frequent first. */
  readonly reasons: readonly (readonly [reason: string, events: number])[];
  /** Events that are missing on the right-hand side; 0 when the books balance. */
  readonly out: number;
}

export function balance({ emitted, acknowledged, pending, dropped }: Stats): Balance {
  const reasons = Object.entries(dropped)
    .filter(([, events]) => events > 0)
    .sort(([, a], [, b]) => b - a);
  const total = reasons.reduce((sum, [, events]) => sum + events, 0);
  return { dropped: total, reasons, out: emitted - acknowledged - pending - total };
}
