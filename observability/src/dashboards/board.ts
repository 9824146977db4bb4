import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  type AnnotationQuery,
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  type Panel,
  RowBuilder,
  type VariableModel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { alerts, deployments, starts } from './annotations';

/** Who a dashboard is for: its folder in Grafana. */
type Audience = 'Services' | 'Business' | 'Platform' | 'Security';

/** A heading with the panels below it, laid out from left to right and down. */
export interface Row {
  readonly title: string;
  readonly panels: readonly Builder<Panel>[];
}

/** One dashboard. */
export interface Board {
  /** Name of its file, and its uid behind `artel-`. */
  readonly name: string;
  readonly audience: Audience;
  readonly title: string;
  /** The question that it answers. */
  readonly description: string;
  /** As Grafana writes it: `now-1h`. */
  readonly from: string;
  readonly variables: readonly Builder<VariableModel>[];
  readonly rows: readonly Row[];
}

/** The uid under which a dashboard is linked to. */
const uidOf = (name: string): string => `artel-${name}`;

const annotations: readonly Builder<AnnotationQuery>[] = [alerts, starts, deployments];

/** Makes the JSON that Grafana is provisioned with. The same board gives the same bytes. */
export function buildBoard({ name, title, description, from, variables, rows }: Board): Dashboard {
  const builder = new DashboardBuilder(title)
    .uid(uidOf(name))
    .description(description)
    .tags(['artel'])
    .timezone('browser')
    .time({ from, to: 'now' })
    .refresh('30s')
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .variables([...variables])
    .annotations([...annotations])
    .link(
      new DashboardLinkBuilder('Dashboards')
        .type(DashboardLinkType.Dashboards)
        .tags(['artel'])
        .asDropdown(true)
        .includeVars(true)
        .keepTime(true),
    );
  for (const row of rows) {
    builder.withRow(new RowBuilder(row.title));
    for (const panel of row.panels) builder.withPanel(panel);
  }
  const dashboard = builder.build();
  // Grafana would number them by itself, anew at each start, and links to panels would lead elsewhere.
  dashboard.panels?.forEach((panel, index) => {
    panel.id = index + 1;
  });
  return { id: null, ...dashboard, version: 1 };
}
