import type { Catalogue } from '@artel/telemetry-protocol';
import type { Delta } from './aggregate';
import type { Job, Staged } from './job';
import { knownFamily, unknownFamily } from './resolveMetric';
import { fits, seriesKey } from './series';
import type { HeldRecord } from './storeFormat';

/** A held batch under the token that names this copy of it. */
export interface HeldBatch {
  readonly token: string;
  readonly ledgerKey: string;
  readonly seq: number;
  readonly tenant: string;
  readonly staged: Staged;
  /** Decoded size, in bytes; 0 when an earlier process has held it. */
  readonly bytes: number;
  /** What it was made of; not known when an earlier process has held it. */
  readonly job?: Job;
}

export function recordOf({ ledgerKey, seq, tenant, staged }: HeldBatch): HeldRecord {
  const { outcome, deltas, records } = staged;
  return {
    ledgerKey,
    seq,
    tenant,
    accepted: outcome.kind === 'counted' ? outcome.accepted : 0,
    series: deltas.map(({ series }) => series),
    records,
  };
}

/** What an earlier process has held. A series that the catalogue has changed since is left out, as the book does. */
export function heldFrom(token: string, record: HeldRecord, catalogue: Catalogue): HeldBatch {
  const { ledgerKey, seq, tenant, accepted, records } = record;
  const deltas = record.series.flatMap((series): Delta[] => {
    const definition = catalogue.get(series.name);
    const family = definition ? knownFamily(definition) : unknownFamily(series.name, series.kind);
    return fits(series, family) ? [{ key: seriesKey(series.name, series.labels), family, series }] : [];
  });
  const staged: Staged = { outcome: { kind: 'counted', accepted, rejected: [] }, deltas, records };
  return { token, ledgerKey, seq, tenant, staged, bytes: 0 };
}
