import type { LabelPair } from './series';

interface Value {
  readonly labels: readonly LabelPair[];
  readonly value: number;
}

interface Distribution {
  readonly labels: readonly LabelPair[];
  readonly bounds: readonly number[];
  readonly counts: readonly number[];
  readonly sum: number;
  readonly count: number;
}

/** A metric with its series, as `/metrics` shows it. */
export interface ExposedFamily {
  readonly name: string;
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly series: Iterable<Value | Distribution>;
}

/** https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format */
export const EXPOSITION_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

function escapeHelp(text: string): string {
  return text.replace(/\\/g, '\\\\').replace(/\n/g, '\\n');
}

function escapeValue(text: string): string {
  return escapeHelp(text).replace(/"/g, '\\"');
}

function labelText(labels: readonly LabelPair[]): string {
  return labels.map(([name, value]) => `${name}="${escapeValue(value)}"`).join(',');
}

function sampleText(name: string, labels: string, value: number): string {
  return labels === '' ? `${name} ${value}` : `${name}{${labels}} ${value}`;
}

function distributionLines(
  name: string,
  labels: string,
  { bounds, counts, sum, count }: Distribution,
): string[] {
  const before = labels === '' ? '' : `${labels},`;
  let below = 0;
  const buckets = bounds.map((bound, index) => {
    below += counts[index] ?? 0;
    return sampleText(`${name}_bucket`, `${before}le="${bound}"`, below);
  });
  return [
    ...buckets,
    sampleText(`${name}_bucket`, `${before}le="+Inf"`, count),
    sampleText(`${name}_sum`, labels, sum),
    sampleText(`${name}_count`, labels, count),
  ];
}

/**
 * Writes families as Prometheus text 0.0.4, sorted by name and by labels, so that two scrapes of one state are equal.
 * A family without series is left out.
 */
export function exposition(families: Iterable<ExposedFamily>): string {
  const lines: string[] = [];
  for (const { name, kind, help, series } of [...families].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const rows = [...series].map((one) => ({ one, labels: labelText(one.labels) }));
    if (rows.length === 0) continue;
    lines.push(`# HELP ${name} ${escapeHelp(help)}`, `# TYPE ${name} ${kind}`);
    for (const { one, labels } of rows.sort((a, b) => (a.labels < b.labels ? -1 : 1))) {
      if ('value' in one) lines.push(sampleText(name, labels, one.value));
      else lines.push(...distributionLines(name, labels, one));
    }
  }
  return `${lines.join('\n')}\n`;
}
