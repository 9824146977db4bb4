import {
  GraphDrawStyle,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { sources } from '../sources';
import { dress, type PanelSpec } from './dress';

/** How the series of a panel are drawn. */
export interface TimeseriesSpec extends PanelSpec {
  /** Where the axis begins unless something lies lower; 0 where left out. */
  readonly softMin?: number;
  /** Series upon each other, so that their height is the sum. */
  readonly stacked?: boolean;
  /** A bar for each point, for what was counted within a span of time. */
  readonly bars?: boolean;
}

/** Lines, or bars, over time, with last and highest value of each in the legend. */
export function timeseries(spec: TimeseriesSpec): PanelBuilder {
  const panel = dress(new PanelBuilder(), spec, { datasource: sources.prometheus, height: 8 })
    .drawStyle(spec.bars ? GraphDrawStyle.Bars : GraphDrawStyle.Line)
    .axisSoftMin(spec.softMin ?? 0)
    .lineWidth(1)
    .fillOpacity(spec.bars ? 70 : 10)
    .showPoints(VisibilityMode.Auto)
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.Table)
        .placement(LegendPlacement.Bottom)
        .calcs(['lastNotNull', 'max']),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
  if (spec.stacked) panel.stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'));
  if (spec.thresholds && spec.thresholds.length > 1) {
    panel.thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
  }
  return panel;
}
