import {
  AxisPlacement,
  HeatmapCellLayout,
  ScaleDistribution,
  ScaleDistributionConfigBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  HeatmapColorMode,
  HeatmapColorOptionsBuilder,
  PanelBuilder,
  RowsHeatmapOptionsBuilder,
  YAxisConfigBuilder,
} from '@grafana/grafana-foundation-sdk/heatmap';
import { sources } from '../sources';
import { dress, type PanelSpec } from './dress';

/** How the rows of a heatmap are named. */
export interface HeatmapSpec extends PanelSpec {
  /** Unit of the rows; `unit` is that of the cells. */
  readonly rowUnit: string;
  /** Rows are bounds of buckets, and not names. */
  readonly ofBuckets: boolean;
}

/** Time to the right, rows upwards, the darker the more. */
export function heatmap(spec: HeatmapSpec): PanelBuilder {
  return dress(new PanelBuilder(), spec, { datasource: sources.prometheus, height: 9 })
    .calculate(false)
    .cellGap(1)
    .color(
      new HeatmapColorOptionsBuilder().mode(HeatmapColorMode.Scheme).scheme('Blues').steps(32).reverse(false),
    )
    .rowsFrame(
      new RowsHeatmapOptionsBuilder().layout(
        spec.ofBuckets ? HeatmapCellLayout.Auto : HeatmapCellLayout.Unknown,
      ),
    )
    .yAxis(new YAxisConfigBuilder().unit(spec.rowUnit).axisPlacement(AxisPlacement.Left))
    .scaleDistribution(new ScaleDistributionConfigBuilder().type(ScaleDistribution.Linear));
}
