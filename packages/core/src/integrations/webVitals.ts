import { endpointTemplate } from '@artel/telemetry-protocol';
import { type MetricType, onCLS, onFCP, onINP, onLCP, onTTFB } from 'web-vitals';
import { listen, whenIdle } from '../environment';
import type { Integration } from '../telemetry';

/** Those that tell of the loading, reported when the app may long be on another page than it was loaded on. */
const OF_LOADING = /^(?:FCP|LCP|TTFB)$/;

/**
 * Observes the Core Web Vitals and two more as `web_vital_*{page,platform}`, with Google's web-vitals library, each once
 * for a page load or a return from the back/forward cache. FCP and TTFB are final when they are there, LCP with the
 * first input, and all of them when the page hides. The library itself knows only of documents that hide, and a Mini
 * App is put aside with its document visible: so it tells every change, and the last one counts.
 */
export function webVitals(): Integration {
  return {
    name: 'webVitals',
    setup(telemetry, window, { lastWords }) {
      let active = true;
      const { pathname } = window.location;
      const latest = new Map<string, MetricType>();
      const finished = new Set<string>();
      const finish = (...names: readonly string[]) => {
        for (const [name, { id, value }] of latest) {
          if (!active || (names[0] && !names.includes(name))) continue;
          latest.delete(name);
          finished.add(id);
          const vital = name.toLowerCase();
          const labels = OF_LOADING.test(name) ? { page: endpointTemplate(pathname) } : undefined;
          telemetry.observe(vital === 'cls' ? 'web_vital_cls' : `web_vital_${vital}_ms`, value, labels);
        }
      };
      const keep = (metric: MetricType) => {
        if (finished.has(metric.id)) return;
        latest.set(metric.name, metric);
        finish('FCP', 'TTFB');
      };
      // The entry of the last paint may still be on its way.
      const onInput = ({ isTrusted }: Event) => isTrusted && whenIdle(window, () => finish('LCP'));
      // The browser keeps for late observers what it has seen: this need not hold up the page's start.
      whenIdle(window, () => {
        for (const watch of [onCLS, onFCP, onINP, onLCP, onTTFB]) {
          if (active) watch(keep, { reportAllChanges: true });
        }
      });
      lastWords.push(finish);
      const stop = listen([
        [window, 'click', onInput],
        [window, 'keydown', onInput],
      ]);
      // The library has no way to stop watching; what it reports from here on is nobody's.
      return () => {
        active = false;
        stop();
      };
    },
  };
}
