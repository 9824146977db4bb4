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
// What a page scrubs with before `./scrub`, which has the patterns, is loaded.
export { describeError, type ErrorDescription, isError } from './scrub/describe';
export { readFields } from './scrub/fields';
export { FILTERED, isPrivateKey } from './scrub/names';
export { isPlain } from './scrub/plain';
export { truncate } from './scrub/truncate';
export { type LaunchParams, splitLaunchParams } from './scrub/urls';
export {
  queryTypes,
  type ServiceMetricDefinition,
  type ServiceMetricLabel,
  type ServiceMetricName,
  serviceCatalogue,
  serviceSeries,
} from './serviceCatalogue';
export { utf8Length } from './utf8Length';
