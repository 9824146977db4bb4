import {
  LegendDisplayMode,
  LegendPlacement,
  VisibilityMode,
  VizLegendOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import { sources } from '../sources';
import { dress, type PanelSpec } from './dress';

/** A band for each series that changes its colour with its state. */
export function states(spec: PanelSpec): PanelBuilder {
  return dress(new PanelBuilder(), spec, { datasource: sources.prometheus, height: 8 })
    .mergeValues(true)
    .showValue(VisibilityMode.Never)
    .rowHeight(0.8)
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom),
    );
}
