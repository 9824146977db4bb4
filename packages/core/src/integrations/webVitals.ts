import { endpointTemplate } from '@artel/telemetry-protocol';
import { type MetricType, onCLS, onFCP, onINP, onLCP, onTTFB } from 'web-vitals';
import { whenIdle } from '../environment';
import type { Integration } from '../telemetry';

/** Those that tell of the loading, reported when the app may long be on another page than it was loaded on. */
const OF_LOADING = /^(?:FCP|LCP|TTFB)$/;

/** Observes the Core Web Vitals and two more as `web_vital_*{page}`, with Google's web-vitals library. */
export function webVitals(): Integration {
  return {
    name: 'webVitals',
    setup(telemetry, window) {
      let active = true;
      const { pathname } = window.location;
      const report = ({ name, value }: MetricType) => {
        if (!active) return;
        const vital = name.toLowerCase();
        const labels = OF_LOADING.test(name) ? { page: endpointTemplate(pathname) } : undefined;
        telemetry.observe(vital === 'cls' ? 'web_vital_cls' : `web_vital_${vital}_ms`, value, labels);
      };
      // The browser keeps for late observers what it has seen: this need not hold up the page's start.
      whenIdle(window, () => {
        for (const watch of [onCLS, onFCP, onINP, onLCP, onTTFB]) if (active) watch(report);
      });
      // The library has no way to stop watching; what it reports from here on is nobody's.
      return () => {
        active = false;
      };
    },
  };
}
