import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import { type AnnotationQuery, AnnotationQueryBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder as PrometheusQuery } from '@grafana/grafana-foundation-sdk/prometheus';
import { sources } from './sources';

/** While which alerts fired in the chosen environments. */
export const alerts: Builder<AnnotationQuery> = new AnnotationQueryBuilder()
  .name('Alerts')
  .datasource(sources.prometheus)
  .enable(true)
  .iconColor('red')
  .target(
    new PrometheusQuery()
      .refId('alerts')
      .expr('ALERTS{alertstate="firing", alertname!="Watchdog", environment=~"$environment|"}')
      .range()
      .interval('30s'),
  )
  .titleFormat('{{alertname}}')
  .textFormat('{{severity}} {{service}}')
  .tagKeys('severity,team,service');

/** When processes of ours were started: deployments, and restarts that nobody wanted. */
export const starts: Builder<AnnotationQuery> = new AnnotationQueryBuilder()
  .name('Starts')
  .datasource(sources.prometheus)
  .enable(true)
  .iconColor('blue')
  .target(
    new PrometheusQuery()
      .refId('starts')
      .expr('process_start_time_seconds{job=~"artel-.+", environment=~"$environment"} * 1000')
      .range()
      .interval('30s'),
  )
  // The value is the moment, in ms.
  .useValueForTime(true)
  .titleFormat('{{service}} started')
  .textFormat('{{instance}}')
  .tagKeys('service,environment');

/** Deployments as the pipeline notes them at Grafana (`POST /api/annotations` with the tag `deploy`). */
export const deployments: Builder<AnnotationQuery> = new AnnotationQueryBuilder()
  .name('Deployments')
  .datasource(sources.grafana)
  .enable(true)
  .iconColor('purple')
  .target({
    build: () => ({
      refId: 'deployments',
      type: 'tags',
      tags: ['deploy'],
      matchAny: false,
      limit: 100,
      _implementsDataqueryVariant() {},
    }),
  });
