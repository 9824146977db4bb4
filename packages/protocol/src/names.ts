import type { Labels } from './batch';
import { limits } from './limits';

// https://prometheus.io/docs/concepts/data_model/
export const NAME = /^[a-zA-Z_:][\w:]*$/;
export const LABEL_NAME = /^[a-zA-Z_]\w*$/;

/** What is ours, or means something to Prometheus. */
export const RESERVED_NAME = /^(?:__|artel_gateway_)|_bucket$/;
export const RESERVED_LABEL = /^(?:__.*|le|quantile)$/;

/**
 * Says that a series may not have this name and these labels, or `undefined`: in short, for where every byte of code
 * counts. `checkPoint` tells more.
 */
export function seriesProblem(name: string, labels: Labels): string | undefined {
  const names = Object.keys(labels);
  const right =
    NAME.test(name) &&
    !RESERVED_NAME.test(name) &&
    name.length <= limits.nameLength &&
    names.length <= limits.labelsPerPoint &&
    names.every(
      (label) =>
        LABEL_NAME.test(label) && !RESERVED_LABEL.test(label) && label.length <= limits.labelNameLength,
    );
  return right ? undefined : `${name}{${names}}: not a name and labels that Prometheus takes`.slice(0, 400);
}
