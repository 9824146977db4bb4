/** What became of the events of one run of a row. */
export interface Delivery {
  readonly sent: number;
  readonly delivered: number;
  /** Events that the backend would count more than once. */
  readonly duplicates: number;
  /** Seconds from the last step to the arrival of the last event; 0 if none arrived after it. */
  readonly lastArrival: number;
}

/** All runs of a row with one library. */
export interface DeliverySummary {
  readonly runs: number;
  /** Share of the recorded events that arrived, over all runs and in the worst of them. */
  readonly share: number;
  readonly worst: number;
  readonly duplicates: number;
  /** Runs in which every event arrived and none was counted twice. */
  readonly exact: number;
  /** Seconds from the last step to the last arrival, the longest of all runs. */
  readonly lastArrival: number;
}

/** Returns the runs together, of which there is at least one. */
export function summarize(runs: readonly Delivery[]): DeliverySummary {
  const sum = (of: (run: Delivery) => number) => runs.reduce((total, run) => total + of(run), 0);
  return {
    runs: runs.length,
    share: sum(({ delivered }) => delivered) / sum(({ sent }) => sent),
    worst: Math.min(...runs.map(({ delivered, sent }) => delivered / sent)),
    duplicates: sum(({ duplicates }) => duplicates),
    exact: runs.filter(({ delivered, sent, duplicates }) => delivered === sent && duplicates === 0).length,
    lastArrival: Math.max(...runs.map(({ lastArrival }) => lastArrival)),
  };
}
