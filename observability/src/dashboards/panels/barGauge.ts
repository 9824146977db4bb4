import { PanelBuilder } from '@grafana/grafana-foundation-sdk/bargauge';
import {
  BarGaugeDisplayMode,
  ReduceDataOptionsBuilder,
  VizOrientation,
} from '@grafana/grafana-foundation-sdk/common';
import { sources } from '../sources';
import { dress, type PanelSpec } from './dress';

/** A bar for each series, to compare them. */
export function barGauge(spec: PanelSpec): PanelBuilder {
  return dress(new PanelBuilder(), { min: 0, ...spec }, { datasource: sources.prometheus, height: 8 })
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false))
    .orientation(VizOrientation.Horizontal)
    .displayMode(BarGaugeDisplayMode.Basic);
}
