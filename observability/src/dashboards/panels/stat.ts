import {
  BigValueColorMode,
  BigValueGraphMode,
  ReduceDataOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { sources } from '../sources';
import { dress, type PanelSpec } from './dress';

/** The last value of each series in large type, coloured by its thresholds; with its way there where it is a range. */
export function stat(spec: PanelSpec): PanelBuilder {
  return dress(new PanelBuilder(), spec, { datasource: sources.prometheus, height: 4 })
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false))
    .colorMode(BigValueColorMode.Value)
    .graphMode(BigValueGraphMode.Area);
}
