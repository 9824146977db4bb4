import type { Dashboard, Panel } from '@grafana/grafana-foundation-sdk/dashboard';

/** A language that an expression of a dashboard is in. */
type Language = 'promql' | 'logql' | 'traceql';

/** One expression of a dashboard, with `$variables` in it. */
export interface Expression {
  /** Dashboard and panel, variable or annotation, for messages. */
  readonly where: string;
  readonly language: Language;
  readonly text: string;
  /** A template in which `{{label}}` stands for a label of the result. */
  readonly legend?: string;
}

/** One query of a panel as Grafana asks it. */
export interface PanelQuery extends Expression {
  readonly mode: 'range' | 'instant';
  readonly exemplar: boolean;
  /** Time between two points at least, such as `1d`, where the panel asks it. */
  readonly interval: string | undefined;
}

/** The fields of a target that the data sources of ours read. */
interface Target {
  readonly text: string | undefined;
  readonly legend: string | undefined;
  readonly isInstant: boolean;
  readonly hasExemplars: boolean;
}

function readTarget(target: object): Target {
  const fields: Readonly<Record<string, unknown>> = { ...target };
  const { expr, query, legendFormat, instant, exemplar } = fields;
  const text = typeof expr === 'string' ? expr : query;
  return {
    text: typeof text === 'string' ? text : undefined,
    legend: typeof legendFormat === 'string' ? legendFormat : undefined,
    isInstant: instant === true,
    hasExemplars: exemplar === true,
  };
}

const languages: Readonly<Record<string, Language>> = {
  prometheus: 'promql',
  loki: 'logql',
  tempo: 'traceql',
};

/** The panels of a dashboard in their order, without the rows. */
export function panelsOf({ panels = [] }: Dashboard): Panel[] {
  return panels.filter((panel): panel is Panel => panel.type !== 'row');
}

/** The queries of a panel. Throws an error that names a panel without a data source of ours. */
export function queriesOf(dashboard: Dashboard, panel: Panel): PanelQuery[] {
  const where = `${dashboard.title}: ${panel.title}`;
  const language = languages[panel.datasource?.type ?? ''];
  if (language === undefined) throw new Error(`${where} asks no data source that is known`);
  return (panel.targets ?? []).map((target) => {
    const { text = '', legend, isInstant, hasExemplars } = readTarget(target);
    return {
      where,
      language,
      text,
      ...(legend === undefined ? {} : { legend }),
      mode: isInstant ? 'instant' : 'range',
      exemplar: hasExemplars,
      interval: panel.interval,
    };
  });
}

/** The labels that a table shows as columns under other words. */
export function tableLabelsOf({ transformations = [] }: Panel): string[] {
  const organize = transformations.find(({ id }) => id === 'organize');
  const renamed: object = organize?.options.renameByName ?? {};
  return Object.keys(renamed).filter((field) => !field.startsWith('Value'));
}

/** What the links of a panel, and of its points, ask in Explore. */
function linkedExpressions(dashboard: Dashboard, panel: Panel): Expression[] {
  const links = [...(panel.links ?? []), ...(panel.fieldConfig?.defaults.links ?? [])];
  return links.flatMap(({ title, url = '' }) => {
    const panes = new URL(url, 'http://grafana').searchParams.get('panes');
    if (panes === null) return [];
    const { links: pane }: { links: { datasource: string; queries: readonly object[] } } = JSON.parse(panes);
    return pane.queries.map((query) => ({
      where: `${dashboard.title}: ${panel.title}: link ${title}`,
      language: languages[pane.datasource] ?? 'promql',
      text: readTarget(query).text ?? '',
    }));
  });
}

function variableExpressions({ title, templating }: Dashboard): Expression[] {
  return (templating.list ?? []).flatMap(({ name, query }) => {
    const text = typeof query === 'object' ? String(query['query']) : '';
    const [, selector, label] = /^label_values\((.+), (\w+)\)$/.exec(text) ?? [];
    if (selector === undefined || label === undefined) return [];
    return [{ where: `${title}: $${name}`, language: 'promql', text: `group by (${label}) (${selector})` }];
  });
}

function annotationExpressions({ title, annotations }: Dashboard): Expression[] {
  return (annotations.list ?? []).flatMap(({ name, target, titleFormat = '', textFormat = '' }) => {
    const { text } = readTarget(target ?? {});
    if (text === undefined) return [];
    const where = `${title}: annotation ${name}`;
    return [{ where, language: 'promql', text, legend: `${titleFormat} ${textFormat}` }];
  });
}

/** Every expression of a dashboard: of its panels, their links, its variables and its annotations. */
export function expressionsOf(dashboard: Dashboard): Expression[] {
  const panels = panelsOf(dashboard);
  return [
    ...panels.flatMap((panel) => queriesOf(dashboard, panel)),
    ...panels.flatMap((panel) => linkedExpressions(dashboard, panel)),
    ...variableExpressions(dashboard),
    ...annotationExpressions(dashboard),
  ];
}
