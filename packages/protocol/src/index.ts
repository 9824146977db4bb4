export * from './batch';
export { type BrowserMetricName, browserSeries, type SeriesShape } from './browserSeries';
export {
  browserCatalogue,
  type Catalogue,
  createCatalogue,
  droppedMetric,
  type MetricDefinition,
} from './catalogue';
export {
  type CounterDeclaration,
  defineMetrics,
  type FieldRule,
  type HistogramDeclaration,
  type LabelRule,
  type MetricsDeclaration,
} from './defineMetrics';
export { endpointTemplate } from './endpointTemplate';
export { limits } from './limits';
export { labelNameProblem, METRIC_NAME, metricNameProblem } from './names';
export {
  queryTypes,
  type ServiceMetricDefinition,
  type ServiceMetricLabel,
  type ServiceMetricName,
  serviceCatalogue,
  serviceSeries,
} from './serviceCatalogue';
export { utf8Length } from './utf8Length';
