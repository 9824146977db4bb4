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
export { endpointTemplate } from './endpointTemplate';
export { limits } from './limits';
export { seriesProblem } from './names';
export { cleanFields, cleanText, FILTERED, isPrivateKey, scrubText, truncate } from './scrub';
export {
  queryTypes,
  type ServiceMetricDefinition,
  type ServiceMetricLabel,
  type ServiceMetricName,
  serviceCatalogue,
  serviceSeries,
} from './serviceCatalogue';
export { utf8Length } from './utf8Length';
