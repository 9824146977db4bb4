import type { MetricShape } from './sample';

const KINDS = ['counter', 'gauge', 'histogram', 'summary'] as const;
/** The label by which the parts of a metric of such a kind are told apart. */
const PART_LABEL: Readonly<Record<string, string>> = { histogram: 'le', summary: 'quantile' };

/** The shapes of all metrics on a page in Prometheus's text format 0.0.4. A label counts that any series has. */
export function readExposition(text: string): MetricShape[] {
  const metrics = new Map<string, { kind: MetricShape['kind']; labels: Set<string> }>();
  for (const line of text.split('\n')) {
    const [, declared, type] = /^# TYPE (\S+) (\S+)/.exec(line) ?? [];
    if (declared !== undefined) {
      metrics.set(declared, { kind: KINDS.find((kind) => kind === type) ?? 'unknown', labels: new Set() });
      continue;
    }
    const [, sample, labels = ''] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? /.exec(line) ?? [];
    if (sample === undefined) continue;
    const base = sample.replace(/_(?:bucket|sum|count)$/, '');
    const metric = metrics.get(sample) ?? metrics.get(base);
    for (const [, label = ''] of labels.matchAll(/(?:^|,)(\w+)="(?:[^"\\]|\\.)*"/g)) {
      if (metric && PART_LABEL[metric.kind] !== label) metric.labels.add(label);
    }
  }
  return [...metrics].map(([name, { kind, labels }]) => ({ name, kind, labels: [...labels].sort() }));
}

/** Metrics one a line, `name kind label label …`, sorted, as they are checked in. */
export function writeShapes(shapes: readonly MetricShape[]): string {
  const lines = shapes.map(({ name, kind, labels }) => [name, kind, ...labels].join(' '));
  return `${lines.sort().join('\n')}\n`;
}

/** Reads what `writeShapes` wrote; lines that begin with # are remarks. Throws an error that quotes a line that is none. */
export function readShapes(text: string): MetricShape[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [name = '', word, ...labels] = line.split(' ');
      const kind = [...KINDS, 'unknown' as const].find((one) => one === word);
      if (kind === undefined) throw new Error(`expected a name, a kind and labels, got "${line}"`);
      return { name, kind, labels };
    });
}
