import {
  type ErrorGroup,
  HISTORY_SECONDS,
  type Line,
  type LogLine,
  lines,
  MAX_LOGS,
  type SecondRow,
  type Update,
} from '../wire';

/** A chart's data: seconds, and for each the values of each series. */
export interface Table {
  readonly seconds: readonly number[];
  readonly series: readonly (readonly (number | null)[])[];
}

/** All that the page knows, put together from what it was told. */
export interface Model {
  apply(update: Update): void;
  /** The last update, whose standing part holds. */
  latest(): Update | undefined;
  /** Events per second by line, each the mean of the seconds up to it, over the last `span` seconds that are over. */
  rates(chosen: readonly Line[], span: number): Table;
  /** How many there were of `line` in each of the last `span` seconds that are over. */
  counts(line: Line, span: number): Table;
  /** The quantiles at `columns` of each second's `q`, over the last `span` seconds that are over. */
  quantiles(columns: readonly number[], span: number): Table;
  /** How many there were of `line` in the whole history. */
  total(line: Line): number;
  /** Oldest first. */
  logs(): readonly LogLine[];
  /** The one seen last first. */
  errors(): readonly ErrorGroup[];
}

/** Seconds that a rate is the mean of: a page sends every five, and drawn by the second it would be a comb. */
export const SMOOTH_SECONDS = 5;

export function createModel(): Model {
  let rows: readonly SecondRow[] = [];
  let logs: readonly LogLine[] = [];
  const errors = new Map<number, ErrorGroup>();
  let last: Update | undefined;

  /** An update tells of every second from the first that has changed to the newest. */
  const mergeRows = (fresh: readonly SecondRow[]): void => {
    const first = fresh[0]?.s;
    if (first === undefined) return;
    rows = [...rows.filter(({ s }) => s < first), ...fresh].slice(-HISTORY_SECONDS);
  };
  const mergeLogs = (fresh: readonly LogLine[]): void => {
    const known = logs.at(-1)?.id ?? 0;
    logs = [...logs, ...fresh.filter(({ id }) => id > known)].slice(-MAX_LOGS);
  };
  /** The second that has begun is not over, and would always look like a fall. */
  const over = (span: number): { readonly from: number; readonly to: number } => {
    const to = Math.max(0, rows.length - 1);
    return { from: Math.max(0, to - span), to };
  };

  return {
    apply(update) {
      if (update.reset) {
        rows = [];
        logs = [];
        errors.clear();
      }
      mergeRows(update.seconds);
      mergeLogs(update.logs);
      for (const id of update.errorsGone) errors.delete(id);
      for (const group of update.errors) errors.set(group.id, { ...errors.get(group.id), ...group });
      last = update;
    },
    latest: () => last,
    rates(chosen, span) {
      const { from, to } = over(span);
      const shown = rows.slice(from, to);
      return {
        seconds: shown.map(({ s }) => s),
        series: chosen.map((line) => {
          const column = lines.indexOf(line);
          return shown.map((_, at) => {
            const window = rows.slice(Math.max(0, from + at - SMOOTH_SECONDS + 1), from + at + 1);
            return window.reduce((sum, { n }) => sum + (n[column] ?? 0), 0) / window.length;
          });
        }),
      };
    },
    counts(line, span) {
      const { from, to } = over(span);
      const column = lines.indexOf(line);
      const shown = rows.slice(from, to);
      return { seconds: shown.map(({ s }) => s), series: [shown.map(({ n }) => n[column] ?? 0)] };
    },
    quantiles(columns, span) {
      const { from, to } = over(span);
      const shown = rows.slice(from, to);
      return {
        seconds: shown.map(({ s }) => s),
        series: columns.map((column) => shown.map(({ q }) => q[column] ?? null)),
      };
    },
    total(line) {
      const column = lines.indexOf(line);
      return rows.reduce((sum, { n }) => sum + (n[column] ?? 0), 0);
    },
    logs: () => logs,
    errors: () => [...errors.values()].sort((a, b) => b.last - a.last || b.id - a.id),
  };
}
