import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { knownAttributes } from '../queries/checkTraceql';
import { durationMs, interpolate, queryTime, type VariableValues } from '../queries/interpolate';
import { keptShapes } from '../queries/keptShapes';
import { knownLogs } from '../queries/knownLogs';
import { keptJobs, readKept } from '../queries/knownSeries';
import { namesIn } from '../queries/namesIn';
import { readRules } from '../queries/readRules';
import { driveLoad } from '../testing/driveLoad';
import { type AnsweredSeries, createPrometheusApi, type PrometheusApi } from '../testing/prometheusApi';
import { type Demo, startDemo, withoutDemo } from '../testing/startDemo';
import { buildBoard } from './board';
import { boards } from './boards';
import { scrapeInterval } from './provisioning';
import { expressionsOf, type PanelQuery, panelsOf, queriesOf } from './readPanels';

const dashboards = boards.map(buildBoard);
const RANGE_MS = 300_000;
const SCRAPE_MS = durationMs(scrapeInterval());
/** How long the load may take until every panel answers. Most of them do after a few scrapes. */
const PATIENCE_MS = 100_000;
const LIMIT_MS = 5_000;

const all: VariableValues = {
  environment: '.+',
  service: '.+',
  app: '.*',
  platform: '.*',
  page: '.*',
  game_type: '.*',
  utc_offset: '3',
};

interface Asked {
  readonly query: PanelQuery;
  readonly variables: VariableValues;
}

/** Every question of every panel, with all things chosen; and those of the front end again for one tenant. */
function questionsOf(dashboard: Dashboard): Asked[] {
  const queries = panelsOf(dashboard).flatMap((panel) => queriesOf(dashboard, panel));
  const ofPrometheus = queries.filter(({ language }) => language === 'promql');
  const tenant = { ...all, environment: 'production', app: 'artel-billiards' };
  return [
    ...ofPrometheus.map((query) => ({ query, variables: all })),
    ...(dashboard.title === 'Frontend' ? ofPrometheus.map((query) => ({ query, variables: tenant })) : []),
  ];
}

function hasNumbers(series: readonly AnsweredSeries[]): boolean {
  return series.some(({ values }) => values.some(([, value]) => Number.isFinite(Number(value))));
}

async function ask(api: PrometheusApi, { query, variables }: Asked): Promise<readonly AnsweredSeries[]> {
  const { stepMs, values } = queryTime({
    rangeMs: RANGE_MS,
    minIntervalMs: query.interval === undefined ? SCRAPE_MS : durationMs(query.interval),
    scrapeMs: SCRAPE_MS,
    maxPoints: 1_000,
  });
  const expression = interpolate(query.text, { ...variables, ...values });
  const end = Math.floor(Date.now() / 1_000);
  if (query.mode === 'instant') return api.instant(expression, end);
  // Whole steps back from now; Grafana would begin them at midnight and show days of which the first has just begun.
  const steps = Math.max(1, Math.floor(RANGE_MS / stepMs));
  return api.range(expression, { start: end - (steps * stepMs) / 1_000, end, step: stepMs / 1_000 });
}

let demo: Demo;
let api: PrometheusApi;
let isEnough = false;
let load: Promise<void> | undefined;
beforeAll(async () => {
  if (withoutDemo) return;
  demo = await startDemo();
  api = createPrometheusApi(demo.prometheus);
  load = driveLoad(demo, () => isEnough);
});
afterAll(async () => {
  isEnough = true;
  await load;
  await demo?.close();
});

describe.skipIf(withoutDemo)('the dashboards, over the demo with all its servers', () => {
  it('answer in every panel with numbers, each within five seconds', async () => {
    let waiting = dashboards.flatMap(questionsOf);
    expect(waiting.length).toBeGreaterThan(150);
    const deadline = Date.now() + PATIENCE_MS;
    const took = new Map<string, number>();
    while (waiting.length > 0 && Date.now() < deadline) {
      const still: Asked[] = [];
      for (const asked of waiting) {
        const began = performance.now();
        const answered = await ask(api, asked);
        took.set(asked.query.text, Math.max(took.get(asked.query.text) ?? 0, performance.now() - began));
        if (!hasNumbers(answered)) still.push(asked);
      }
      waiting = still;
      if (waiting.length > 0) await new Promise((resolve) => setTimeout(resolve, 500));
    }
    expect(waiting.map(({ query }) => `${query.where}: ${query.text}`)).toEqual([]);
    const slow = [...took].filter(([, ms]) => ms > LIMIT_MS);
    expect(slow).toEqual([]);
  });

  it('offer something to choose in every variable', async () => {
    const variables = dashboards.flatMap(({ title, templating }) =>
      (templating.list ?? []).map(({ name, query }) => ({ where: `${title}: ${name}`, query })),
    );
    for (const { where, query } of variables) {
      if (typeof query !== 'object') continue;
      const [, selector = '', label = ''] =
        /^label_values\((.+), (\w+)\)$/.exec(String(query['query'])) ?? [];
      expect(await api.labelValues(label, interpolate(selector, all)), where).not.toEqual([]);
    }
  });

  it('lead from durations to traces by exemplars', async () => {
    const now = Date.now() / 1_000;
    const queries = dashboards.flatMap((dashboard) =>
      panelsOf(dashboard).flatMap((panel) => queriesOf(dashboard, panel)),
    );
    const withExemplars = queries.filter(({ exemplar }) => exemplar);
    expect(withExemplars.length).toBeGreaterThan(2);
    for (const { text, where } of withExemplars) {
      const expression = interpolate(text, { ...all, __rate_interval: '20s' });
      expect(await api.exemplars(expression, now - 300, now), where).toBeGreaterThan(0);
    }
  });

  it('find when processes started, for their annotations', async () => {
    const annotations = dashboards
      .flatMap(expressionsOf)
      .filter(({ where }) => where.endsWith('annotation Starts'));
    expect(annotations).toHaveLength(dashboards.length);
    for (const { where, text } of annotations.slice(0, 1)) {
      const starts = await api.instant(interpolate(text, all));
      expect(starts.length, where).toBeGreaterThanOrEqual(3);
    }
  });
});

/** Every name that a dashboard or a rule selects. */
function namesAsked(): Set<string> {
  const shown = { ...all, __rate_interval: '1m', __range: '1h', __interval: '1m' };
  const ofDashboards = dashboards
    .flatMap(expressionsOf)
    .filter(({ language }) => language === 'promql')
    .map(({ text }) => interpolate(text, shown));
  return new Set([...ofDashboards, ...readRules().map(({ expr }) => expr)].flatMap(namesIn));
}

const asked = namesAsked();
const suffixes = ['', '_bucket', '_sum', '_count'];

describe.skipIf(withoutDemo)('what is kept of the metrics of programs', () => {
  it('is there for every job that is scraped', () => {
    expect([...demo.scraped.keys()].sort()).toEqual([...keptJobs].sort());
  });

  it.each(keptJobs)('holds for the %s that runs here', async (job) => {
    const pages = await Promise.all(
      (demo.scraped.get(job) ?? []).map(async (url) => (await fetch(url)).text()),
    );
    const running = new Map(keptShapes(job, pages).map((shape) => [shape.name, shape]));
    const kept = readKept(job);
    // Which collectors an exporter has goes by the machine; what is asked of it must be there on each.
    const isWhole = job === 'artel-gateway';
    const counted = kept.filter(
      ({ name }) => isWhole || suffixes.some((suffix) => asked.has(`${name}${suffix}`)),
    );
    for (const shape of counted) expect(running.get(shape.name), shape.name).toEqual(shape);
    if (isWhole) expect([...running.keys()].sort()).toEqual(kept.map(({ name }) => name).sort());
  });

  it('covers the labels and fields of the lines that the gateway sends to Loki', async () => {
    const { logs } = demo.sink;
    expect([...logs.labels].sort()).toEqual(['app', 'category', 'environment', 'level', 'service_name']);
    expect([...logs.metadata].filter((name) => !knownLogs.fields.has(name))).toEqual([]);
  });

  it('covers the attributes of the spans that the game service sends', () => {
    const { attributes } = demo.sink;
    const expected = [...knownAttributes].filter((name) => !attributes.has(name));
    expect(expected).toEqual([]);
  });
});
