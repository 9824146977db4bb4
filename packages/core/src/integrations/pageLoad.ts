import { endpointTemplate } from '@artel/telemetry-protocol';
import { listen } from '../environment';
import type { Integration } from '../telemetry';

/** Observes `page_load_duration_ms{page}` once, when the page's load event has ended. */
export function pageLoad(): Integration {
  return {
    name: 'pageLoad',
    setup(telemetry, window) {
      let stopped = false;
      const report = () => {
        const [navigation] = window.performance.getEntriesByType('navigation');
        if (navigation?.duration && !stopped) {
          telemetry.trackPageLoad(endpointTemplate(window.location.pathname), navigation.duration);
        }
      };
      // The entry is complete only after the load event's own handlers, this one among them, have returned.
      const onLoad = () => window.setTimeout(report, 0);
      const stop = listen([[window, 'load', onLoad]]);
      if (window.document.readyState === 'complete') onLoad();
      return () => {
        stopped = true;
        stop();
      };
    },
  };
}
