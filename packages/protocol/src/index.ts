export * from './batch';
export { type BrowserMetricName, browserSeries, type SeriesShape } from './browserSeries';
export {
  browserCatalogue,
  type Catalogue,
  createCatalogue,
  droppedMetric,
  type MetricDefinition,
} from './catalogue';
export { type BatchCheck, checkBatch, type FieldProblem, type Read } from './checkBatch';
export { amountProblem, checkPoint, valueProblem } from './checkPoint';
export {
  type CounterDeclaration,
  defineMetrics,
  type FieldRule,
  type HistogramDeclaration,
  type LabelRule,
  type MetricsDeclaration,
} from './defineMetrics';
export { endpointTemplate } from './endpointTemplate';
export { type LaunchParams, splitLaunchParams } from './launchParams';
export { limits } from './limits';
export { seriesProblem } from './names';
export { networkKey } from './networkKey';
export { scrubText } from './scrub';
export { scrubBody } from './scrubBody';
export { cleanFields, cleanText, truncate } from './scrubFields';
export { FILTERED, isPrivateKey } from './scrubNames';
export { type SentryMetadata, scrubSentryHead } from './scrubSentryHead';
export { sentryCollection } from './sentryCollection';
export {
  queryTypes,
  type ServiceMetricDefinition,
  type ServiceMetricLabel,
  type ServiceMetricName,
  serviceCatalogue,
  serviceSeries,
} from './serviceCatalogue';
export { utf8Length } from './utf8Length';
