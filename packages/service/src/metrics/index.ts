export { type AppMetrics, type AppMetricsOptions, createAppMetrics, type Tracked } from './appMetrics';
export type { BoundCounter, BoundGauge, BoundHistogram, LabelsOf, Reading } from './boundMetrics';
export type { Exposition } from './exposition';
export { type HttpMetricsOptions, httpMetrics } from './httpMetrics';
