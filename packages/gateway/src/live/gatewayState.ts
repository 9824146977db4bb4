import type { LaneReport } from '../outputs/lane';
import type { PusherReport } from '../outputs/metricsPusher';
import type { Tenant } from '../tenants';
import type { GatewayState, OutputLag } from './wire';

export interface GatewayReports {
  readonly lag: {
    readonly records: readonly Pick<LaneReport, 'output' | 'signal' | 'seconds' | 'records' | 'trouble'>[];
    readonly metrics: readonly Pick<PusherReport, 'output' | 'seconds' | 'trouble'>[];
  };
  readonly queue: { readonly records: number; readonly limit: number };
}

/**
 * How the gateway hands on, as the live page shows it: to the operator whole, and to the reader of a `tenant` its own
 * outputs without what is of all tenants (the queue's length) or of the operator alone (what an output's end said).
 */
export function gatewayState({ lag, queue }: GatewayReports, tenant?: Pick<Tenant, 'outputs'>): GatewayState {
  const lanes = lag.records.map(({ signal, ...report }) => ({
    ...report,
    name: `${report.output} (${signal})`,
  }));
  // Metrics are pushed as they stand at the time: nothing waits, and only a push that fails is late.
  const pushers = lag.metrics.map((report) => ({
    ...report,
    name: `${report.output} (metrics)`,
    seconds: report.trouble === undefined ? 0 : report.seconds,
    records: 0,
  }));
  const reports = [...lanes, ...pushers].filter(({ output }) => tenant?.outputs?.includes(output) ?? true);
  if (tenant === undefined) {
    const outputs = reports.map(
      ({ name, seconds, records, trouble }): OutputLag => ({
        name,
        seconds,
        records,
        ...(trouble === undefined ? {} : { failure: trouble }),
      }),
    );
    return { queue, outputs };
  }
  return {
    outputs: reports.map(
      ({ name, seconds, trouble }): OutputLag => ({
        name,
        seconds,
        ...(trouble === undefined ? {} : { failure: '' }),
      }),
    ),
  };
}
