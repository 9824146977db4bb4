import type { StoreStats } from './store/lineStore';

/** What the store holds and has let go, for Prometheus. */
export function storeMetrics({ lines, bytes, streams, duplicates, dropped }: StoreStats): string {
  const family = (name: string, kind: string, help: string, samples: readonly string[]): string =>
    [`# HELP ${name} ${help}`, `# TYPE ${name} ${kind}`, ...samples].join('\n');
  const one = (name: string, kind: string, help: string, value: number): string =>
    family(name, kind, help, [`${name} ${value}`]);
  const reasons = Object.entries(dropped).map(
    ([reason, count]) => `artel_logs_dropped_total{reason="${reason}"} ${count}`,
  );
  return `${[
    one('artel_logs_lines', 'gauge', 'Lines that are kept.', lines),
    one('artel_logs_bytes', 'gauge', 'Bytes of lines and metadata that are kept.', bytes),
    one('artel_logs_streams', 'gauge', 'Sets of labels.', streams),
    one('artel_logs_duplicates_total', 'counter', 'Lines that came again.', duplicates),
    family('artel_logs_dropped_total', 'counter', 'Lines that were let go, by reason.', reasons),
  ].join('\n')}\n`;
}
