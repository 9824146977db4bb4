import { createPrometheusApi, type PrometheusApi } from '@artel/test-support/servers/prometheusApi';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { knownAttributes } from '../queries/checkTraceql';
import { durationMs, interpolate, type VariableValues } from '../queries/interpolate';
import { keptShapes } from '../queries/keptShapes';
import { knownLogs } from '../queries/knownLogs';
import { keptJobs, readKept } from '../queries/knownSeries';
import { namesIn } from '../queries/namesIn';
import { readRules } from '../rules/readRules';
import { askPanels, type Question } from '../testing/askPanels';
import { driveLoad } from '../testing/driveLoad';
import { type Demo, startDemo, withoutDemo } from '../testing/startDemo';
import { buildBoard } from './board';
import { boards } from './boards';
import { scrapeInterval } from './provisioning';
import { expressionsOf, panelsOf, queriesOf } from './readPanels';

const dashboards = boards.map(buildBoard);
/** As provisioning/datasources says it of Prometheus. */
const scrapeMs = durationMs(scrapeInterval());
/** Of Prometheus's processor. */
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

/** The questions of all panels to Prometheus, with all things chosen. */
const questions: readonly Question[] = dashboards.flatMap((dashboard) =>
  panelsOf(dashboard)
    .flatMap((panel) => queriesOf(dashboard, panel))
    .filter(({ language }) => language === 'promql')
    .map((query) => ({ query, variables: all })),
);
/** Those of the front end again, for the one tenant of the demo. */
const ofTenant: readonly Question[] = questions
  .filter(({ query }) => query.where.startsWith('Frontend'))
  .map(({ query }) => ({ query, variables: { ...all, environment: 'production', app: 'artel-billiards' } }));

/** What cannot be 0 while nothing happens: a quantile of nothing, a share of nothing, a check that nobody asked for. */
const NEEDS_EVENTS =
  /histogram_quantile|^Frontend: (?:Good Visits|Vitals by|API Endpoints)|: (?:Cache Hits|Health Checks|Availability over 5 Minutes|Endpoints):/;

let demo: Demo;
let api: PrometheusApi;
let isEnough = false;
let load: Promise<void> | undefined;
beforeAll(async () => {
  if (withoutDemo) return;
  demo = await startDemo();
  api = createPrometheusApi(demo.prometheus);
});
afterAll(async () => {
  isEnough = true;
  await load;
  await demo?.close();
});

const ask = (asked: readonly Question[]) =>
  askPanels(asked, { api, rangeMs: 300_000, scrapeMs, patienceMs: 400_000 });
const wordsOf = ({ query }: Question) => `${query.where}: ${query.text}`;

describe.skipIf(withoutDemo)('the dashboards, over the demo with all its servers', () => {
  it('show zeros and no holes before anything has happened', async () => {
    const calm = questions.filter((question) => !NEEDS_EVENTS.test(wordsOf(question)));
    expect(calm.length).toBeGreaterThan(questions.length / 2);
    const { unanswered } = await ask(calm);
    expect(unanswered.map(wordsOf)).toEqual([]);
  });

  it('answer in every panel with numbers under load, each within five seconds of work', async () => {
    load = driveLoad(demo, () => isEnough);
    const { unanswered, took } = await ask([...questions, ...ofTenant]);
    expect(unanswered.map(wordsOf)).toEqual([]);
    expect([...took].filter(([, ms]) => ms > LIMIT_MS)).toEqual([]);
    expect(took.size).toBeGreaterThan(120);
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
      expect(await api.exemplars(expression, now - 300, now), where).not.toEqual([]);
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
  const { alerts, recordings } = readRules();
  const ofRules = [...alerts, ...recordings].map(({ expr }) => expr);
  return new Set([...ofDashboards, ...ofRules].flatMap(namesIn));
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
    const isAsked = (name: string) => suffixes.some((suffix) => asked.has(`${name}${suffix}`));
    for (const shape of kept.filter(({ name }) => isAsked(name))) {
      expect(running.get(shape.name), shape.name).toEqual(shape);
    }
    if (job !== 'artel-gateway') return;
    expect([...running.keys()].sort()).toEqual(kept.map(({ name }) => name).sort());
    // A counter of what has not happened yet has no series, and shows no label.
    for (const { name, kind, labels } of kept) {
      expect(running.get(name)?.kind, name).toBe(kind);
      expect(labels, name).toEqual(expect.arrayContaining([...(running.get(name)?.labels ?? [])]));
    }
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
