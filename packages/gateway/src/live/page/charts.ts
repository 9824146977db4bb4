import type { Line, Timing } from '../wire';
import { type Chart, createChart } from './chart';
import { byId, setText } from './element';
import { count, duration, rate, timeOfDay } from './format';
import { type Model, SMOOTH_SECONDS } from './model';

interface Charts {
  /** Draws what the model knows of the last `span` seconds. */
  draw(model: Model, span: number): void;
  recolour(): void;
}

const rateLines: readonly (readonly [line: Line, label: string, isOptional: boolean])[] = [
  ['actions', 'Actions', false],
  ['games', 'Game events', false],
  ['api', 'API calls', true],
  ['loads', 'Page loads', true],
  ['other', 'Other metrics', true],
];

const perSecond = (value: number | null): string => (value === null ? '–' : rate(value));
const bare = (value: number): string => (value < 1 ? String(Number(value.toFixed(2))) : count(value));

function timingChart(id: Timing, empty: string, most: () => number): Chart {
  return createChart({
    parent: byId(id, HTMLElement),
    legend: byId(`${id}-legend`, HTMLElement),
    series: [
      { label: 'p95', colour: id, style: 'area' },
      { label: 'p50', colour: id, style: 'faint' },
    ],
    format: (value) => duration(value, most()),
    axisFormat: (value) => duration(value),
    empty,
    least: 50,
    hasTimes: true,
  });
}

/** The charts of the page, on one time axis: pointing at a moment in one shows it in all. */
export function createCharts(): Charts {
  const note = byId('rates-time', HTMLElement);
  const rates = createChart({
    parent: byId('rates', HTMLElement),
    legend: byId('rates-legend', HTMLElement),
    series: rateLines.map(([line, label]) => ({
      label,
      colour: line,
      style: line === 'actions' ? 'area' : 'line',
    })),
    format: perSecond,
    axisFormat: bare,
    least: 1,
    hasTimes: false,
    onPoint: (second) =>
      setText(
        note,
        second === undefined ? `mean over ${SMOOTH_SECONDS} s` : `at ${timeOfDay(second * 1_000)}`,
      ),
  });
  const errors = createChart({
    parent: byId('error-rate', HTMLElement),
    legend: byId('errors-legend', HTMLElement),
    series: [{ label: 'Errors in each second', colour: 'danger', style: 'bars' }],
    format: (value) => (value === null ? '–' : count(value)),
    axisFormat: bare,
    least: 2,
    hasTimes: true,
  });
  /** The last bucket's bound: a quantile there is that or more. */
  let most: Readonly<Record<Timing, number>> = {
    api: Number.POSITIVE_INFINITY,
    loads: Number.POSITIVE_INFINITY,
  };
  const api = timingChart('api', 'No calls in the last minutes', () => most.api);
  const loads = timingChart('loads', 'No page loads in the last minutes', () => most.loads);

  return {
    draw(model, span) {
      const { api: calls, loads: opened } = model.latest()?.timings ?? {};
      if (calls && opened) most = { api: calls.most, loads: opened.most };
      for (const [line, label, isOptional] of rateLines) {
        rates.toggle(label, !isOptional || model.total(line) > 0);
      }
      rates.draw(
        model.rates(
          rateLines.map(([line]) => line),
          span,
        ),
        span,
      );
      errors.draw(model.counts('errors', span), span);
      // p95 first: the median is drawn over its area.
      api.draw(model.quantiles([1, 0], span), span);
      loads.draw(model.quantiles([3, 2], span), span);
    },
    recolour() {
      for (const chart of [rates, errors, api, loads]) chart.recolour();
    },
  };
}
