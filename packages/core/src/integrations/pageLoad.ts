import { attempt, listen } from '../page/environment';
import type { Integration } from '../telemetry';

/** An entry of the performance timeline, of the types `navigation` and `visibility-state`. */
interface Entry extends PerformanceEntry {
  /** Of a prerendered page: when the player opened it, in ms. */
  readonly activationStart?: number;
}

/**
 * Observes `page_load_duration_ms{page}` once, after the page's load event. A prerendered page is measured from its
 * activation (https://developer.chrome.com/docs/web-platform/prerender-pages#impact-on-analytics). A page that was
 * hidden before its load event is not observed: browsers slow it down, and nobody waited for it.
 */
export function pageLoad(): Integration {
  return {
    name: 'pageLoad',
    setup({ telemetry, environment, page }) {
      const { document } = environment;
      const name = page();
      /** Nothing is left to observe. */
      let done = false;
      const onVisibility = () => {
        done ||= document.hidden;
      };
      // Not in jsdom.
      const entries = (type: string): readonly Entry[] =>
        attempt(() => environment.performance.getEntriesByType(type)) ?? [];
      const report = () => {
        stop();
        const [navigation] = entries('navigation');
        if (done || !navigation?.duration) return;
        done = true;
        const { duration, activationStart = 0 } = navigation;
        const hidden = entries('visibility-state').some(
          ({ name, startTime }) => name === 'hidden' && startTime >= activationStart && startTime < duration,
        );
        if (!hidden) telemetry.trackPageLoad(name, Math.max(0, duration - activationStart));
      };
      // The entry is complete only after the load event's own handlers, this one among them, have returned.
      const onLoad = () => environment.setTimeout(report, 0);
      const stop = listen([
        [environment, 'load', onLoad],
        [document, 'visibilitychange', onVisibility],
      ]);
      onVisibility();
      if (document.readyState === 'complete') onLoad();
      return {
        stop() {
          done = true;
          stop();
        },
      };
    },
  };
}
