import type { Clock } from '../clock';
import type { ExposedFamily, ExposedValue } from '../exposition';
import type { Outputs } from './createOutputs';
import { createLane, type LaneReport, type OutputLogger } from './lane';
import { createMetricsPusher, type PusherReport } from './metricsPusher';
import type { Cursors, QueueReader } from './queueReader';
import { systemWait, type Wait } from './wait';

export interface ForwarderOptions {
  readonly queue: QueueReader;
  readonly cursors: Cursors;
  readonly outputs: Outputs;
  readonly clock: Clock;
  readonly logger: OutputLogger;
  /** The series as `/metrics` shows them now. */
  readonly metricsSource: () => Iterable<ExposedFamily>;
  /** From 0 to below 1, for the jitter. */
  readonly random?: () => number;
  readonly wait?: Wait;
}

/** Hands on what the gateway keeps: records from the queue, and snapshots of the series. */
export interface Forwarder {
  start(): void;
  /** Says that the queue may have something new. */
  nudge(): void;
  /** Ends every output; requests under way get `graceMs` (2,000) to be answered. The rest goes with the next start. */
  close(graceMs?: number): Promise<void>;
  /** The key before which no output needs a record any more; `undefined` when no output takes records. */
  passed(): number | undefined;
  lag(): { readonly records: readonly LaneReport[]; readonly metrics: readonly PusherReport[] };
  /** `artel_gateway_output_*`. */
  families(): ExposedFamily[];
}

const GRACE_MS = 2_000;

type Report = Pick<LaneReport, 'output' | 'seconds' | 'sent' | 'failures' | 'dropped'> & {
  readonly signal: string;
};

function family(
  name: string,
  kind: 'counter' | 'gauge',
  help: string,
  series: readonly ExposedValue[],
): ExposedFamily {
  return { name: `artel_gateway_output_${name}`, kind, help, series };
}

/** Makes the forwarder of some outputs. Each runs by itself: one that is down delays nobody but itself. */
export function createForwarder(options: ForwarderOptions): Forwarder {
  const { queue, cursors, outputs, clock, logger, metricsSource } = options;
  const { random = Math.random, wait = systemWait } = options;
  const common = { clock, logger, random, wait };
  const lanes = outputs.records.map((output) => createLane({ output, queue, cursors, ...common }));
  const pushers = outputs.metrics.map((output) =>
    createMetricsPusher({ output, source: metricsSource, ...common }),
  );

  const lag = () => ({
    records: lanes.map((lane) => lane.report()),
    metrics: pushers.map((pusher) => pusher.report()),
  });

  return {
    start() {
      for (const one of [...lanes, ...pushers]) one.start();
    },
    nudge() {
      for (const lane of lanes) lane.nudge();
    },
    async close(graceMs = GRACE_MS) {
      await Promise.all([...lanes, ...pushers].map((one) => one.close(graceMs)));
    },
    passed: () => (lanes.length === 0 ? undefined : Math.min(...lanes.map((lane) => lane.passed()))),
    lag,
    families() {
      const { records, metrics } = lag();
      const all: Report[] = [...records, ...metrics.map((report) => ({ ...report, signal: 'metrics' }))];
      const each = <One extends Pick<Report, 'output' | 'signal'>>(
        reports: readonly One[],
        value: (report: One) => number,
      ): ExposedValue[] =>
        reports.map((report) => ({
          labels: [
            ['output', report.output],
            ['signal', report.signal],
          ],
          value: value(report),
        }));
      const drops = all.flatMap(({ output, signal, dropped }) =>
        [...dropped].map(
          ([reason, value]): ExposedValue => ({
            labels: [
              ['output', output],
              ['reason', reason],
              ['signal', signal],
            ],
            value,
          }),
        ),
      );
      return [
        family(
          'lag_records',
          'gauge',
          'Logs and spans of the queue that an output has not passed yet.',
          each(records, (report) => report.records),
        ),
        family(
          'lag_seconds',
          'gauge',
          'Age of the oldest record that an output has not passed; of metrics, of the last whole push.',
          each(all, (report) => report.seconds),
        ),
        family(
          'sent_total',
          'counter',
          'Records that an output has taken; of metrics, series, once for each push.',
          each(all, (report) => report.sent),
        ),
        family(
          'failures_total',
          'counter',
          'Requests to an output that came to nothing and are tried again.',
          each(all, (report) => report.failures),
        ),
        family('dropped_total', 'counter', 'What was given up for an output, by reason.', drops),
      ];
    },
  };
}
