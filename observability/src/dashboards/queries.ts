import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import { DataqueryBuilder as LokiQuery } from '@grafana/grafana-foundation-sdk/loki';
import {
  DataqueryBuilder as PrometheusQuery,
  PromQueryFormat,
} from '@grafana/grafana-foundation-sdk/prometheus';
import { SearchTableType, DataqueryBuilder as TempoQuery } from '@grafana/grafana-foundation-sdk/tempo';
import { sources } from './sources';

/** One query of a panel; what tells it from the others, its letter, the panel gives. */
export type Query = (refId: string) => Builder<Dataquery>;

/** A query of Prometheus that `shape` finishes. */
function prometheus(expr: string, shape: (query: PrometheusQuery) => PrometheusQuery): Query {
  return (refId) => shape(new PrometheusQuery().refId(refId).datasource(sources.prometheus).expr(expr));
}

/** An expression over the time of the dashboard. The legend is a template such as `{{service}}`, or plain words. */
export function range(expr: string, legend: string): Query {
  return prometheus(expr, (query) => query.legendFormat(legend).range());
}

/** The same with exemplars, which lead from a point to its trace: for quantiles of histograms. */
export function rangeWithTraces(expr: string, legend: string): Query {
  return prometheus(expr, (query) => query.legendFormat(legend).range().exemplar(true));
}

/** An expression at the end of the time of the dashboard. */
export function instant(expr: string, legend: string): Query {
  return prometheus(expr, (query) => query.legendFormat(legend).instant());
}

/** An expression at the end of the time of the dashboard, its labels as the columns of a table. */
export function column(expr: string): Query {
  return prometheus(expr, (query) => query.instant().format(PromQueryFormat.Table));
}

/** A histogram's increase by bucket, as a heatmap reads it. */
export function buckets(expr: string): Query {
  return prometheus(expr, (query) => query.legendFormat('{{le}}').range().format(PromQueryFormat.Heatmap));
}

/** Log lines of Loki. */
export function lines(expr: string): Query {
  return (refId) =>
    new LokiQuery().refId(refId).datasource(sources.loki).expr(expr).queryType('range').maxLines(200);
}

/** Traces of Tempo, one a row. */
export function traces(query: string): Query {
  return (refId) =>
    new TempoQuery()
      .refId(refId)
      .datasource(sources.tempo)
      .queryType('traceql')
      .query(query)
      .limit(20)
      .tableType(SearchTableType.Traces)
      .filters([]);
}
