import type { AppMetrics } from '@artel/telemetry-service/metrics';
import type { SessionCache, SessionView } from './sessionCache';

const MOST = 1_000;

/** Views in this process, which alone changes the games; the most recent ones. */
export function createMemoryCache(
  metrics: Pick<AppMetrics, 'cacheHitsTotal' | 'cacheMissesTotal'>,
): SessionCache {
  const views = new Map<number, SessionView>();
  return {
    async get(id) {
      const view = views.get(id);
      if (view) metrics.cacheHitsTotal.inc({ cache_type: 'session' });
      else metrics.cacheMissesTotal.inc({ cache_type: 'session' });
      return view;
    },
    async put(view) {
      const { id } = view.session;
      if ((views.get(id)?.version ?? 0) > view.version) return;
      views.delete(id);
      views.set(id, view);
      if (views.size <= MOST) return;
      for (const oldest of views.keys()) {
        views.delete(oldest);
        return;
      }
    },
  };
}
