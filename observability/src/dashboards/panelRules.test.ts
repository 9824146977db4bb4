import { parser } from '@prometheus-io/lezer-promql';
import { describe, expect, it } from 'vitest';
import { nodesBelow, parseWith } from '../queries/syntax';
import { buildBoard } from './board';
import { boards } from './boards';
import { panelsOf, queriesOf } from './readPanels';
import { sources } from './sources';

const dashboards = boards.map(buildBoard);

/** What Grafana 12 and later draw without migrating it first: no `graph`, `singlestat`, `table-old`. */
const TYPES = ['timeseries', 'stat', 'table', 'bargauge', 'piechart', 'heatmap', 'state-timeline', 'logs'];
const COLUMNS = 24;

it('have names and uids of their own', () => {
  expect(new Set(dashboards.map(({ uid }) => uid)).size).toBe(boards.length);
  expect(new Set(dashboards.map(({ title }) => title)).size).toBe(boards.length);
  for (const { uid } of dashboards) expect(uid).toMatch(/^artel-[a-z-]{3,34}$/);
});

describe.each(dashboards)('$title', (dashboard) => {
  const panels = panelsOf(dashboard);

  it('lies on the 24 columns without a hole and without an overlap', () => {
    const taken = new Map<string, string | undefined>();
    let bottom = 0;
    for (const { title, gridPos } of dashboard.panels ?? []) {
      const { x, y, w, h } = gridPos ?? { x: -1, y: -1, w: 0, h: 0 };
      expect(x >= 0 && y >= 0 && w > 0 && h > 0 && x + w <= COLUMNS, `${title}: ${x} ${y} ${w} ${h}`).toBe(
        true,
      );
      for (let column = x; column < x + w; column++) {
        for (let line = y; line < y + h; line++) {
          expect(taken.get(`${column} ${line}`), `${title} lies over it`).toBeUndefined();
          taken.set(`${column} ${line}`, title);
        }
      }
      bottom = Math.max(bottom, y + h);
    }
    expect(taken.size).toBe(COLUMNS * bottom);
  });

  it('says of every panel what it shows, in a short title and a whole sentence', () => {
    for (const { title = '', description = '' } of panels) {
      expect(title.length, title).toBeLessThanOrEqual(30);
      expect(title, title).toMatch(/^[A-Z]/);
      expect(description, title).toMatch(/^[A-Z].{24,}\.$/s);
    }
    expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
    expect(dashboard.description).toMatch(/\?$/);
  });

  it('has only panels that Grafana still knows, each with a unit, thresholds and an id', () => {
    for (const { type, title, fieldConfig } of panels) {
      expect(TYPES, title).toContain(type);
      expect(fieldConfig?.defaults.unit, title).toBeTruthy();
      expect(fieldConfig?.defaults.thresholds?.steps.length, title).toBeGreaterThan(0);
    }
    expect(new Set(dashboard.panels?.map(({ id }) => id)).size).toBe(dashboard.panels?.length);
  });

  it('asks data sources that are provisioned, with a legend for each series', () => {
    const uids = Object.values(sources).map(({ uid }) => uid);
    for (const panel of panels) {
      expect(uids, panel.title).toContain(panel.datasource?.uid);
      const queries = queriesOf(dashboard, panel);
      expect(queries.length, panel.title).toBeGreaterThan(0);
      expect(panel.targets, panel.title).toMatchObject(
        queries.map((_, index) => ({ refId: 'ABCDEFG'[index] })),
      );
      const needsLegend = panel.datasource?.type === 'prometheus' && panel.type !== 'table';
      for (const { legend } of queries) if (needsLegend) expect(legend, panel.title).toBeTruthy();
    }
  });

  it('keeps to the chosen environment in every question', () => {
    for (const panel of panels) {
      for (const { language, text } of queriesOf(dashboard, panel)) {
        if (language !== 'promql') continue;
        const { top, textOf } = parseWith(
          parser,
          text.replaceAll(/\$__\w+/g, '1m').replaceAll('$utc_offset', '3'),
        );
        for (const selector of nodesBelow(top, 'VectorSelector')) {
          expect(textOf(selector), panel.title).toContain('environment=~"$environment"');
        }
      }
    }
  });

  it('leads from every series of a service to its logs and traces', () => {
    for (const { title, targets = [], type, fieldConfig } of panels) {
      const isOfService = targets.some((target) => JSON.stringify(target).includes('{{service}}'));
      if (type !== 'timeseries' || !isOfService) continue;
      const urls = (fieldConfig?.defaults.links ?? []).map(({ url }) => url ?? '');
      expect(
        urls.filter((url) => url.includes('loki')),
        title,
      ).toHaveLength(1);
      expect(
        urls.filter((url) => url.includes('tempo')),
        title,
      ).toHaveLength(1);
    }
  });

  it('shows alerts, starts and deployments, and the way to the other dashboards', () => {
    expect(dashboard.annotations.list?.map(({ name }) => name)).toEqual(['Alerts', 'Starts', 'Deployments']);
    expect(dashboard.links?.[0]).toMatchObject({ type: 'dashboards', tags: ['artel'], keepTime: true });
    expect(dashboard.tags).toEqual(['artel']);
    expect(dashboard.templating.list?.[0]?.name).toBe('environment');
  });
});
