import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common';
import {
  type DashboardLink,
  type GridPos,
  type ThresholdsConfig,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Query } from '../queries';

/** From which value on which colour; the first is the base, from whatever is lowest. */
export type Thresholds = readonly [
  base: string,
  ...steps: readonly (readonly [from: number, colour: string])[],
];

/** What every panel says of itself. */
export interface PanelSpec {
  readonly title: string;
  /** What it shows and how to read it; Grafana shows it at the title. */
  readonly description: string;
  /** Columns of the 24. */
  readonly width: number;
  /** Grid units of 30 pixels; each kind of panel has its own where left out. */
  readonly height?: number;
  readonly queries: readonly Query[];
  /** One of Grafana's unit ids; `none` for plain numbers. */
  readonly unit?: string;
  readonly decimals?: number;
  readonly min?: number;
  readonly max?: number;
  readonly thresholds?: Thresholds;
  readonly mappings?: readonly ValueMapping[];
  /** Ways from a point to its logs and traces. */
  readonly links?: readonly Builder<DashboardLink>[];
  /** Ways from the panel as a whole. */
  readonly panelLinks?: readonly Builder<DashboardLink>[];
  /** Seconds between two points at least, as in `1d`. */
  readonly interval?: string;
}

/** What the builders of all panels have in common. */
interface Dressable {
  title(title: string): this;
  description(description: string): this;
  gridPos(gridPos: GridPos): this;
  datasource(datasource: DataSourceRef): this;
  withTarget(target: Builder<Dataquery>): this;
  unit(unit: string): this;
  decimals(decimals: number): this;
  min(min: number): this;
  max(max: number): this;
  thresholds(thresholds: Builder<ThresholdsConfig>): this;
  mappings(mappings: ValueMapping[]): this;
  dataLinks(links: Builder<DashboardLink>[]): this;
  links(links: Builder<DashboardLink>[]): this;
  interval(interval: string): this;
  noValue(noValue: string): this;
}

/** Grafana has no words for a value that is not there but a dash. */
const NO_VALUE = 'No data';

function thresholdsOf([base, ...steps]: Thresholds): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps([{ value: null, color: base }, ...steps.map(([value, color]) => ({ value, color }))]);
}

/** Fills in what every panel has; `height` is what it has where the panel does not say. */
export function dress<Panel extends Dressable>(
  panel: Panel,
  spec: PanelSpec,
  { datasource, height }: { readonly datasource: DataSourceRef; readonly height: number },
): Panel {
  const { title, description, width, queries, unit = 'none', thresholds = ['green'] } = spec;
  panel
    .title(title)
    .description(description)
    .gridPos({ x: 0, y: 0, w: width, h: spec.height ?? height })
    .datasource(datasource)
    .unit(unit)
    .thresholds(thresholdsOf(thresholds))
    .noValue(NO_VALUE);
  queries.forEach((query, index) => {
    panel.withTarget(query(String.fromCharCode(65 + index)));
  });
  if (spec.decimals !== undefined) panel.decimals(spec.decimals);
  if (spec.min !== undefined) panel.min(spec.min);
  if (spec.max !== undefined) panel.max(spec.max);
  if (spec.mappings) panel.mappings([...spec.mappings]);
  if (spec.links) panel.dataLinks([...spec.links]);
  if (spec.panelLinks) panel.links([...spec.panelLinks]);
  if (spec.interval !== undefined) panel.interval(spec.interval);
  return panel;
}
