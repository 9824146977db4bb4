import { type MetricType, onCLS, onFCP, onINP, onLCP, onTTFB } from 'web-vitals';
import type { Integration } from '../telemetry';

/** Observes the Core Web Vitals and two more as `web_vital_*{page}`, with Google's web-vitals library. */
export function webVitals(): Integration {
  return {
    name: 'webVitals',
    setup(telemetry) {
      let active = true;
      const report = ({ name, value }: MetricType) => {
        if (!active) return;
        const vital = name.toLowerCase();
        telemetry.observe(vital === 'cls' ? 'web_vital_cls' : `web_vital_${vital}_ms`, value);
      };
      for (const watch of [onCLS, onFCP, onINP, onLCP, onTTFB]) watch(report);
      // The library has no way to stop watching; what it reports from here on is nobody's.
      return () => {
        active = false;
      };
    },
  };
}
