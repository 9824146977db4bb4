import { LogsDedupStrategy, LogsSortOrder } from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/logs';
import { lines } from '../queries';
import { sources } from '../sources';
import { dress, type PanelSpec } from './dress';

/** Log lines of Loki, the newest on top, with their details. */
export function logs({
  expr,
  ...spec
}: Omit<PanelSpec, 'queries'> & { readonly expr: string }): PanelBuilder {
  return dress(
    new PanelBuilder(),
    { ...spec, queries: [lines(expr)] },
    { datasource: sources.loki, height: 10 },
  )
    .showTime(true)
    .wrapLogMessage(true)
    .enableLogDetails(true)
    .showLabels(false)
    .dedupStrategy(LogsDedupStrategy.None)
    .sortOrder(LogsSortOrder.Descending);
}
