import type { Registry } from '@prometheus-io/client';

/** A page of metrics with its content type. */
export interface Exposition {
  readonly type: string;
  readonly body: string;
}

/** https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format */
const TEXT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';
/** https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md */
const OPEN_METRICS_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

interface Sample {
  readonly value: number;
  readonly labels: Readonly<Record<string, string | number | undefined>>;
  readonly metricName?: string;
  /** Not in the client's types. */
  readonly exemplar?: {
    readonly labelSet: Readonly<Record<string, string>>;
    readonly value: number;
    readonly timestamp: number;
  } | null;
}

interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly values: readonly Sample[];
}

const TOTAL = '_total';

function numberText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value);
}

/** Bounds are compared as text, so everybody writes them alike: https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md#considerations-canonical-numbers */
function boundText(bound: string | number | undefined): string {
  const text = String(bound);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

const escapeText = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
const escapeValue = (text: string): string => escapeText(text).replaceAll('"', '\\"');

function labelsText(labels: Sample['labels'], open: boolean): string {
  const parts = Object.entries(labels).map(([name, value]) => {
    const text = open && (name === 'le' || name === 'quantile') ? boundText(value) : String(value);
    return `${name}="${escapeValue(text)}"`;
  });
  return parts.length === 0 ? '' : `{${parts.join()}}`;
}

function exemplarText({ exemplar }: Sample): string {
  if (!exemplar) return '';
  const { labelSet, value, timestamp } = exemplar;
  return ` # ${labelsText(labelSet, true)} ${numberText(value)} ${timestamp}`;
}

/** A counter's family is named without `_total`; one that is not called so, or whose short name is taken, is `unknown`. */
function openName({ name, type }: Family, taken: ReadonlySet<string>): { shown: string; kind: string } {
  if (type !== 'counter') return { shown: name, kind: type };
  const short = name.endsWith(TOTAL) ? name.slice(0, -TOTAL.length) : '';
  return short === '' || taken.has(short)
    ? { shown: name, kind: 'unknown' }
    : { shown: short, kind: 'counter' };
}

function familyLines(family: Family, open: boolean, taken: ReadonlySet<string>): string[] {
  const { shown, kind } = open ? openName(family, taken) : { shown: family.name, kind: family.type };
  const takesExemplars = open && (kind === 'counter' || kind === 'histogram');
  const samples = family.values.map((sample) => {
    const line = `${sample.metricName ?? family.name}${labelsText(sample.labels, open)} ${numberText(sample.value)}`;
    return takesExemplars ? `${line}${exemplarText(sample)}` : line;
  });
  const help = open ? escapeValue(family.help) : escapeText(family.help);
  return [`# HELP ${shown} ${help}`, `# TYPE ${shown} ${kind}`, ...samples];
}

/** The weight that an `Accept` header gives to a media type in a version; 0 where it does not name it. */
function weightOf(accept: string, type: string, version: RegExp): number {
  const weights = accept.split(',').map((range) => {
    const [name, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const asked = parameters.find((parameter) => parameter.startsWith('version='));
    if (name !== type || (asked !== undefined && !version.test(asked))) return 0;
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    return weight === undefined ? 1 : Number(weight.slice(2)) || 0;
  });
  return Math.max(...weights);
}

/**
 * Writes a registry as a scraper's `Accept` header prefers: OpenMetrics 1.0 with exemplars where it asks for that, else
 * the Prometheus text. Families that have no series are left out. (The client itself writes OpenMetrics only by renaming
 * the counters of a registry for good, which spoils the text after it.)
 */
export async function expositionOf(registry: Registry, accept = ''): Promise<Exposition> {
  const openWeight = weightOf(accept, 'application/openmetrics-text', /^version="?1\.0\.0"?$/);
  const open = openWeight > 0 && openWeight >= weightOf(accept, 'text/plain', /^version="?0\.0\.4"?$/);
  const families = (await registry.getMetricsAsJSON()) as unknown as readonly Family[];
  const taken = new Set(families.map(({ name }) => name));
  const lines = families
    .filter(({ values }) => values.length > 0)
    .flatMap((family) => familyLines(family, open, taken));
  return open
    ? { type: OPEN_METRICS_TYPE, body: `${[...lines, '# EOF'].join('\n')}\n` }
    : { type: TEXT_TYPE, body: lines.length === 0 ? '' : `${lines.join('\n')}\n` };
}
