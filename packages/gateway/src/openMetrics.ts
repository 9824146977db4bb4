import {
  cumulative,
  EXPOSITION_TYPE,
  type Exemplar,
  type ExposedDistribution,
  type ExposedFamily,
  type ExposedValue,
  escapeValue,
  exposition,
  sampleText,
  sorted,
} from './exposition';

/** https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md */
export const OPEN_METRICS_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

/**
 * A bucket's bound as everybody writes it, for it is compared as text: like Go's `%g`, with `.0` behind a whole number.
 * https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md#considerations-canonical-numbers
 */
export function boundText(bound: number): string {
  if (bound === Number.POSITIVE_INFINITY) return '+Inf';
  if (bound !== 0 && (bound < 1e-4 || bound >= 1e6)) {
    return bound.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
  }
  const text = String(bound);
  return text.includes('.') ? text : `${text}.0`;
}

function exemplarText(exemplar: Exemplar | undefined): string {
  if (!exemplar) return '';
  return ` # {trace_id="${exemplar.traceId}"} ${exemplar.value} ${exemplar.at / 1_000}`;
}

function createdLines(name: string, labels: string, created: number | undefined): string[] {
  return created === undefined ? [] : [sampleText(`${name}_created`, labels, created / 1_000)];
}

function counterLines(name: string, labels: string, { value, exemplar, created }: ExposedValue): string[] {
  return [
    `${sampleText(`${name}_total`, labels, value)}${exemplarText(exemplar)}`,
    ...createdLines(name, labels, created),
  ];
}

function distributionLines(name: string, labels: string, distribution: ExposedDistribution): string[] {
  const before = labels === '' ? '' : `${labels},`;
  const { sum, count, exemplars, created } = distribution;
  return [
    ...cumulative(distribution).map(
      ({ bound, below }, index) =>
        `${sampleText(`${name}_bucket`, `${before}le="${boundText(bound)}"`, below)}${exemplarText(exemplars?.get(index))}`,
    ),
    sampleText(`${name}_count`, labels, count),
    sampleText(`${name}_sum`, labels, sum),
    ...createdLines(name, labels, created),
  ];
}

const TOTAL = '_total';

/**
 * Writes families as OpenMetrics 1.0, sorted, with exemplars, and with the time at which each series began where that
 * is known. Every sample has the name that it has in the Prometheus text; the format names a counter's family without
 * `_total`, so a counter that is not called so, or whose short name another family has, is shown as `unknown`.
 */
export function openMetrics(families: Iterable<ExposedFamily>): string {
  const pages = sorted(families);
  const names = new Set(pages.map(({ family }) => family.name));
  const lines: string[] = [];
  for (const { family, rows } of pages) {
    const { name, kind, help } = family;
    const short = name.endsWith(TOTAL) ? name.slice(0, -TOTAL.length) : '';
    const isCounter = kind === 'counter' && short !== '' && !names.has(short);
    const shown = isCounter ? short : name;
    // A sample that is the name of another family would belong to both.
    const tellsCreated = !names.has(`${shown}_created`);
    lines.push(
      `# TYPE ${shown} ${kind === 'counter' && !isCounter ? 'unknown' : kind}`,
      `# HELP ${shown} ${escapeValue(help)}`,
    );
    for (const { one, labels } of rows) {
      const { created, ...rest } = one;
      const row = tellsCreated ? one : rest;
      if ('bounds' in row) lines.push(...distributionLines(shown, labels, row));
      else if (isCounter) lines.push(...counterLines(shown, labels, row));
      else lines.push(sampleText(shown, labels, row.value));
    }
  }
  return `${[...lines, '# EOF'].join('\n')}\n`;
}

/** The weight that an `Accept` header gives to a media type; 0 where it does not name it. */
function weightOf(accept: string, type: string, version: RegExp): number {
  const weights = accept
    .split(',')
    .map((range) => range.split(';').map((part) => part.trim().toLowerCase()))
    .filter(([name, ...parameters]) => {
      const asked = parameters.find((parameter) => parameter.startsWith('version='));
      return name === type && (asked === undefined || version.test(asked));
    })
    .map(([, ...parameters]) => Number(parameters.find((one) => one.startsWith('q='))?.slice(2) ?? 1));
  return Math.max(0, ...weights.filter(Number.isFinite));
}

/**
 * Writes families in the format that the scraper's `Accept` header prefers: OpenMetrics where it asks for that, with
 * exemplars, else the Prometheus text. Answers the body with its content type.
 */
export function expositionFor(
  accept: string | undefined,
  families: Iterable<ExposedFamily>,
): { readonly type: string; readonly body: string } {
  const open = weightOf(accept ?? '', 'application/openmetrics-text', /^version="?1\.0\.0"?$/);
  const plain = weightOf(accept ?? '', 'text/plain', /^version="?0\.0\.4"?$/);
  return open > 0 && open >= plain
    ? { type: OPEN_METRICS_TYPE, body: openMetrics(families) }
    : { type: EXPOSITION_TYPE, body: exposition(families) };
}
