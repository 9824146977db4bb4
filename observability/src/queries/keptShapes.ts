import { readExposition } from './exposition';
import type { MetricShape } from './sample';

/**
 * What is kept of a job's metrics: not what the catalogues say already, and not what says nothing of the program (Go's
 * allocator, each of PostgreSQL's settings).
 */
function isKept(job: string, { name }: MetricShape): boolean {
  if (job === 'artel-gateway') return /^(?:artel_gateway|process)_/.test(name);
  if (job === 'artel-game-service') return /^(?:nodejs|process)_/.test(name);
  return !/^(?:go_(?!goroutines)|pg_settings_(?!max_connections$)|net_conntrack_|erlang_(?:vm_(?:allocators|msacc)|mnesia))/.test(
    name,
  );
}

/**
 * Labels that servers newer than Debian 12's have on a metric. They are kept whichever server runs: an expression must hold
 * on both, and matches nothing that has one label more on its other side.
 */
const NEWER_LABELS: Readonly<Record<string, readonly string[]>> = {
  alertmanager_notifications_failed_total: ['reason'],
};

/** The shapes of a job's metrics that are kept, out of the pages that its targets show, sorted by name. */
export function keptShapes(job: string, pages: readonly string[]): MetricShape[] {
  const shapes = new Map<string, MetricShape>();
  for (const shape of pages.flatMap(readExposition)) {
    if (!isKept(job, shape)) continue;
    const labels = new Set([
      ...(shapes.get(shape.name)?.labels ?? []),
      ...shape.labels,
      ...(NEWER_LABELS[shape.name] ?? []),
    ]);
    // Those that the target brings are known of every series.
    labels.delete('service');
    shapes.set(shape.name, { ...shape, labels: [...labels].sort() });
  }
  return [...shapes.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
