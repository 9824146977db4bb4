/**
 * The limits of one batch, the same on both ends. Lengths are in UTF-16 code units unless a name says bytes. The gateway
 * refuses what exceeds them; the client truncates or splits before it sends.
 */
export const limits = {
  /** Largest decoded body that the gateway reads, in bytes. */
  bodyBytes: 1_048_576,
  /** Points in `metrics`, records in `logs`, records in `spans`: each list of one batch. */
  itemsPerBatch: 1_000,
  /** Observations in one point's `values`. */
  valuesPerPoint: 2_000,
  /** Labels on one point. */
  labelsPerPoint: 16,
  nameLength: 128,
  labelNameLength: 64,
  labelValueLength: 256,
  /** Largest increment of a counter in one point. */
  counterIncrement: 1e9,
  /** Largest observation. */
  observation: 1e12,
  messageLength: 8_192,
  fieldsPerRecord: 64,
  fieldLength: 8_192,
} as const;
