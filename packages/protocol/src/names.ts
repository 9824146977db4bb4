import { limits } from './limits';
import { show } from './show';

/** The pattern of metric names. https://prometheus.io/docs/concepts/data_model/ */
export const METRIC_NAME: RegExp = /^[a-zA-Z_:][\w:]*$/;
const LABEL_NAME = /^[a-zA-Z_]\w*$/;

// Prometheus reserves two underscores and uses `le`, `quantile` and `_bucket` for histograms and summaries. The gateway
// exposes its own metrics under the other prefixes.
const RESERVED_METRIC = /^(?:__|artel_gateway_|process_|nodejs_)|_bucket$/;
const RESERVED_LABEL = /^(?:__.*|le|quantile)$/;

function nameProblem(
  name: string,
  kind: string,
  pattern: RegExp,
  reserved: RegExp,
  limit: number,
): string | undefined {
  if (name.length > limit) return `${name.length} characters, the limit is ${limit}`;
  if (!pattern.test(name)) return `${show(name)} is not a ${kind} name, ${pattern.source}`;
  return reserved.test(name) ? `${show(name)} is reserved` : undefined;
}

/** Returns why an app's metric must not have this name, or `undefined` if it may. */
export function metricNameProblem(name: string): string | undefined {
  return nameProblem(name, 'Prometheus metric', METRIC_NAME, RESERVED_METRIC, limits.nameLength);
}

/** Returns why a label must not have this name, or `undefined` if it may. */
export function labelNameProblem(name: string): string | undefined {
  return nameProblem(name, 'Prometheus label', LABEL_NAME, RESERVED_LABEL, limits.labelNameLength);
}
