import uPlot from 'uplot';
import { make } from './element';
import type { Table } from './model';

/** One line, or set of bars, of a chart. */
interface ChartSeries {
  readonly label: string;
  /** Name of a colour of the style sheet, without its dashes. */
  readonly colour: string;
  readonly style: 'area' | 'line' | 'faint' | 'bars';
}

export interface ChartOptions {
  readonly parent: HTMLElement;
  readonly legend: HTMLElement;
  readonly series: readonly ChartSeries[];
  /** How a value reads in the legend, and on the axis. */
  readonly format: (value: number | null) => string;
  readonly axisFormat: (value: number) => string;
  /** What stands in its place while there is nothing to draw; left out, it is drawn empty. */
  readonly empty?: string;
  /** The least that the axis reaches up to: a quiet chart must not look like a busy one. */
  readonly least: number;
  /** Whether the seconds are written below it. */
  readonly hasTimes: boolean;
  /** Told which moment the reader points at; `undefined` when at none. */
  readonly onPoint?: (second: number | undefined) => void;
}

export interface Chart {
  /** Draws `table` over the `span` seconds up to its last. */
  draw(table: Table, span: number): void;
  /** Shows or hides a series and its place in the legend, by its label. */
  toggle(label: string, isShown: boolean): void;
  /** Draws again, in the colours that hold now. */
  recolour(): void;
}

// Whole pixels: uPlot scales nothing else by the screen's density.
const AXIS_FONT = '12px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';
const dayTime = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const dayTimeSeconds = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** The next larger of 1, 2, 5, 10, 20, … : an axis that does not twitch with every value. */
function niceTop(value: number, least: number): number {
  const wanted = Math.max(value * 1.08, least);
  const unit = 10 ** Math.floor(Math.log10(wanted));
  return unit * ([1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((step) => step * unit >= wanted) ?? 10);
}

function seriesOptions({ label, colour: name, style }: ChartSeries): uPlot.Series {
  const base: uPlot.Series = {
    label,
    stroke: () => `${colour(name)}${style === 'faint' ? 'a6' : ''}`,
    width: style === 'faint' ? 1.5 : 2,
    points: { show: false },
  };
  if (style === 'area') return { ...base, fill: () => `${colour(name)}24` };
  if (style !== 'bars') return base;
  const paths = uPlot.paths.bars?.({ size: [0.8, 12, 2], align: 0 });
  return { ...base, width: 0, fill: () => colour(name), ...(paths ? { paths } : {}) };
}

/** Makes a chart that fills its parent, with a legend of plain text: the values there are those at the cursor. */
export function createChart({
  parent,
  legend,
  series,
  format,
  axisFormat,
  empty = '',
  least,
  hasTimes,
  onPoint = () => {},
}: ChartOptions): Chart {
  let span = 300;
  const values = series.map(({ label, colour: name }) => {
    const value = make('b', { class: 'legend-value', text: '–' });
    const item = make(
      'li',
      { data: { colour: name } },
      make('span', { class: 'dot' }),
      make('span', { text: label }),
      value,
    );
    legend.append(item);
    return { label, item, value };
  });

  const axis: uPlot.Axis = {
    stroke: () => colour('hint'),
    font: AXIS_FONT,
    grid: { stroke: () => colour('grid'), width: 1 },
    ticks: { show: false },
  };
  const showValues = (plot: uPlot): void => {
    const pointed = plot.cursor.idx;
    const times = plot.data[0];
    const at = pointed ?? times.length - 1;
    for (const [index, { value }] of values.entries()) {
      value.textContent = format(plot.data[index + 1]?.[at] ?? null);
    }
    onPoint(pointed === null || pointed === undefined ? undefined : times[pointed]);
  };

  const plot = new uPlot(
    {
      width: Math.max(100, parent.clientWidth),
      height: Math.max(60, parent.clientHeight),
      padding: [8, 4, hasTimes ? 0 : 6, 0],
      legend: { show: false },
      cursor: {
        y: false,
        drag: { x: false, y: false, setScale: false },
        points: { size: 8, width: 2 },
        sync: { key: 'live', setSeries: false },
      },
      scales: {
        x: { time: true, range: (_plot, _min, max) => [max - span + 1, max] },
        y: { range: (_plot, _min, max) => [0, niceTop(max ?? 0, least)] },
      },
      axes: [
        {
          ...axis,
          show: hasTimes,
          size: 24,
          space: () => (span > 60 ? 42 : 72),
          incrs: () => (span > 60 ? [60, 120] : [10, 15, 30]),
          grid: { show: false },
          values: (_plot, splits, _axis, _space, step) =>
            splits.map((second) => (step >= 60 ? dayTime : dayTimeSeconds).format(second * 1_000)),
        },
        {
          ...axis,
          size: 52,
          gap: 6,
          space: 34,
          values: (_plot, splits) => splits.map(axisFormat),
        },
      ],
      series: [{}, ...series.map(seriesOptions)],
      hooks: { setCursor: [showValues], setData: [showValues] },
    },
    [[], ...series.map(() => [])],
    parent,
  );
  new ResizeObserver(() => {
    const { clientWidth: width, clientHeight: height } = parent;
    if (width > 0 && height > 0) plot.setSize({ width, height });
  }).observe(parent);

  return {
    draw({ seconds, series: rows }, over) {
      span = over;
      const isEmpty = rows.every((row) => row.every((value) => value === null));
      if (isEmpty && empty !== '') parent.dataset['empty'] = empty;
      else delete parent.dataset['empty'];
      plot.setData([[...seconds], ...rows.map((row) => [...row])]);
    },
    toggle(label, isShown) {
      const index = values.findIndex((one) => one.label === label);
      const found = values[index];
      if (!found || found.item.hidden === !isShown) return;
      found.item.hidden = !isShown;
      plot.setSeries(index + 1, { show: isShown });
    },
    recolour: () => plot.redraw(false),
  };
}
