import { whenIdle } from '../../page/environment';
import type { Integration } from '../../telemetry';
import { createPageHistory } from './pageHistory';
import type { watchVitals } from './watchVitals';

/**
 * Observes the Core Web Vitals, FCP and TTFB as `web_vital_*{page,platform}`, labelled by the page that a metric is of:
 * where the largest shift or the interaction happened, or which was loaded. The library that measures them is loaded
 * when the page is idle: the browser keeps for late observers what it has seen. Where it never arrives, and in browsers
 * without a performance timeline, there are no web vitals.
 */
export function webVitals(): Integration {
  return {
    name: 'webVitals',
    setup({ telemetry, environment, page }) {
      // Neither is in jsdom.
      if (!environment.PerformanceObserver || !environment.performance?.getEntriesByType) return undefined;
      const history = createPageHistory({ environment, page });
      let stopped = false;
      let vitals: ReturnType<typeof watchVitals> | undefined;
      const load = async () => {
        const { watchVitals } = await import('./watchVitals');
        if (!stopped) vitals = watchVitals({ environment, telemetry, history });
      };
      whenIdle(environment, () => {
        if (!stopped) load().catch(() => {});
      });
      return {
        beforeHide: () => vitals?.finish(),
        stop() {
          stopped = true;
          history.stop();
          vitals?.stop();
        },
      };
    },
  };
}
