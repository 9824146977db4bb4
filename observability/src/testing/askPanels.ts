import type { AnsweredSeries, PrometheusApi } from '@artel/test-support/servers/prometheusApi';
import type { PanelQuery } from '../dashboards/readPanels';
import { durationMs, interpolate, queryTime, type VariableValues } from '../queries/interpolate';

/** A query of a panel, with what was chosen in the dashboard's variables. */
export interface Question {
  readonly query: PanelQuery;
  readonly variables: VariableValues;
}

/** What came of questions that were asked until each was answered with a number, or patience was over. */
export interface Answers {
  readonly unanswered: readonly Question[];
  /** Ms of Prometheus's processor that the slowest answer to each expression took. */
  readonly took: ReadonlyMap<string, number>;
}

export interface AskOptions {
  readonly api: PrometheusApi;
  /** Ms of the time that the dashboard shows, up to now. */
  readonly rangeMs: number;
  /** Ms between two scrapes, as Grafana is told of it. */
  readonly scrapeMs: number;
  /** Ms until what is not answered is given up. */
  readonly patienceMs: number;
}

/** Points that fit into a panel of half a screen. */
const MAX_POINTS = 1_000;
const PAUSE_MS = 500;

async function ask(
  { query, variables }: Question,
  { api, rangeMs, scrapeMs }: AskOptions,
): Promise<readonly AnsweredSeries[]> {
  const minIntervalMs = query.interval === undefined ? scrapeMs : durationMs(query.interval);
  const { stepMs, values } = queryTime({ rangeMs, minIntervalMs, scrapeMs, maxPoints: MAX_POINTS });
  const expression = interpolate(query.text, { ...variables, ...values });
  const end = Math.floor(Date.now() / 1_000);
  if (query.mode === 'instant') return api.instant(expression, end);
  // Whole steps back from now. Grafana begins days at midnight, and shows one when it is over.
  const steps = Math.max(1, Math.floor(rangeMs / stepMs));
  return api.range(expression, { start: end - (steps * stepMs) / 1_000, end, step: stepMs / 1_000 });
}

function hasNumbers(series: readonly AnsweredSeries[]): boolean {
  return series.some(({ values }) => values.some(([, value]) => Number.isFinite(Number(value))));
}

/** Asks Prometheus each question as Grafana would, again and again until it is answered with a number. */
export async function askPanels(questions: readonly Question[], options: AskOptions): Promise<Answers> {
  const deadline = Date.now() + options.patienceMs;
  const took = new Map<string, number>();
  let unanswered = questions;
  for (;;) {
    const still: Question[] = [];
    for (const question of unanswered) {
      const before = await options.api.processorTime();
      const answer = await ask(question, options);
      const used = (await options.api.processorTime()) - before;
      const { text } = question.query;
      took.set(text, Math.max(took.get(text) ?? 0, used));
      if (!hasNumbers(answer)) still.push(question);
    }
    unanswered = still;
    if (unanswered.length === 0 || Date.now() >= deadline) return { unanswered, took };
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
