import { describe, expect, it } from 'vitest';
import { buildBoard } from '../dashboards/board';
import { boards } from '../dashboards/boards';
import { type Expression, expressionsOf, panelsOf, tableLabelsOf } from '../dashboards/readPanels';
import { type AlertRule, readRules } from '../rules/readRules';
import { readRunbook } from '../rules/readRunbook';
import { checkLogql } from './checkLogql';
import { checkPromql } from './checkPromql';
import { checkTraceql } from './checkTraceql';
import { interpolate, type VariableValues } from './interpolate';
import { knownLogs } from './knownLogs';
import { knownSeries } from './knownSeries';
import { labelsOfLegend, labelsOfText } from './legend';

const rules = readRules();
const known = knownSeries(rules);
const dashboards = boards.map(buildBoard);

/** Something for every variable that Grafana fills in by itself, or from the point that was clicked. */
const builtIn: VariableValues = {
  __rate_interval: '1m',
  __interval: '1m',
  __range: '1h',
  __from: '0',
  __to: '1',
  '__field.labels.service': 'game-service',
};

/** The variables of a dashboard, each with a value: an expression may name no other. */
function variablesOf({ templating }: (typeof dashboards)[number]): VariableValues {
  const own = (templating.list ?? []).map(({ name }) => [name, name === 'utc_offset' ? '3' : '.+'] as const);
  return { ...builtIn, ...Object.fromEntries(own) };
}

function problemsOf({ language, text, legend = '' }: Expression, variables: VariableValues): string[] {
  const expression = interpolate(text, variables);
  if (language === 'logql') return checkLogql(expression, knownLogs);
  if (language === 'traceql') return checkTraceql(expression);
  const { problems, labels } = checkPromql(expression, known);
  const unknown = labelsOfLegend(legend).filter((label) => labels && !labels.has(label));
  return [...problems, ...unknown.map((label) => `legend ${label}: the result does not have that label`)];
}

describe.each(dashboards)('the expressions of $title', (dashboard) => {
  const variables = variablesOf(dashboard);

  it('are sound, and name only metrics, labels and fields that there are', () => {
    const faults = expressionsOf(dashboard).flatMap((expression) =>
      problemsOf(expression, variables).map((problem) => `${expression.where}: ${problem}`),
    );
    expect(faults).toEqual([]);
  });

  it('bring the labels that tables show as columns', () => {
    for (const panel of panelsOf(dashboard)) {
      const columns = tableLabelsOf(panel);
      const expressions = columns.length > 0 ? (panel.targets ?? []) : [];
      for (const target of expressions) {
        const { expr }: { expr?: string } = { ...target, expr: Object(target).expr };
        const { labels } = checkPromql(interpolate(expr ?? '', variables), known);
        expect([...(labels ?? [])].sort(), `${panel.title}: ${expr}`).toEqual([...columns].sort());
      }
    }
  });

  it('use every variable that is offered', () => {
    const texts = expressionsOf(dashboard).map(({ text }) => text);
    for (const { name } of dashboard.templating.list ?? []) {
      const users = texts.filter((text) => new RegExp(`\\$\\{?${name}\\b`).test(text));
      expect(users.length, name).toBeGreaterThan(0);
    }
  });
});

describe('the rules of Prometheus', () => {
  it('record from metrics and labels that there are', () => {
    expect(rules.recordings.length).toBeGreaterThan(20);
    const faults = rules.recordings.flatMap(({ record, expr }) =>
      checkPromql(expr, known).problems.map((problem) => `${record}: ${problem}`),
    );
    expect(faults).toEqual([]);
  });

  it('alert on metrics and labels that there are, and speak of no others', () => {
    expect(rules.alerts.length).toBeGreaterThan(20);
    expect(rules.alerts.flatMap(faultsOf)).toEqual([]);
  });

  it('are confirmed in their runbooks by queries that name what there is', () => {
    const names = new Set(rules.alerts.map(({ alert }) => alert));
    const queries = [...names].flatMap((name) => readRunbook(name).queries.map((query) => ({ name, query })));
    expect(queries.length).toBeGreaterThanOrEqual(names.size);
    const faults = queries.flatMap(({ name, query }) =>
      checkPromql(query, known).problems.map((problem) => `${name}: ${query}: ${problem}`),
    );
    expect(faults).toEqual([]);
  });
});

function faultsOf({ alert, expr, labels: own, annotations }: AlertRule): string[] {
  const { problems, labels } = checkPromql(expr, known);
  const texts = [...Object.values(own), ...Object.values(annotations)];
  const unknown = texts
    .flatMap(labelsOfText)
    .filter((label) => labels && !labels.has(label) && !Object.hasOwn(own, label));
  return [...problems, ...unknown.map((label) => `$labels.${label} is never there`)].map(
    (problem) => `${alert}: ${problem}`,
  );
}
