import { endpointTemplate } from '@artel/telemetry-protocol';
import type { Integration } from '../telemetry';

/** Observes `page_load_duration_ms{page}` once, when the page's load event has ended. */
export function pageLoad(): Integration {
  return {
    name: 'pageLoad',
    setup(telemetry, { window, document, setTimer, clearTimer }) {
      let timer: ReturnType<typeof setTimer> | undefined;
      const report = () => {
        const [navigation] = window.performance.getEntriesByType(
          'navigation',
        ) as PerformanceNavigationTiming[];
        if (navigation && navigation.duration > 0) {
          telemetry.trackPageLoad(endpointTemplate(window.location.pathname), navigation.duration);
        }
      };
      // The entry is complete only after the load event's own handlers, this one among them, have returned.
      const onLoad = () => {
        timer = setTimer(report, 0);
      };
      if (document.readyState === 'complete') onLoad();
      else window.addEventListener('load', onLoad, { once: true });
      return () => {
        window.removeEventListener('load', onLoad);
        clearTimer(timer);
      };
    },
  };
}
