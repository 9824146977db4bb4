import { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import { traces } from '../queries';
import { sources } from '../sources';
import { dress, type PanelSpec } from './dress';

/** Traces of Tempo that match, one a row; a click on an id opens the trace. */
export function traceTable({
  query,
  ...spec
}: Omit<PanelSpec, 'queries'> & { readonly query: string }): PanelBuilder {
  return dress(
    new PanelBuilder(),
    { ...spec, queries: [traces(query)] },
    { datasource: sources.tempo, height: 10 },
  );
}
