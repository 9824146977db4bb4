import { type MetricType, onCLS, onFCP, onINP, onLCP, onTTFB } from 'web-vitals';
import { listen, whenIdle } from '../../page/environment';
import type { IntegrationHost } from '../../telemetry';
import type { PageHistory, Visit } from './pageHistory';

interface WatchDeps extends Pick<IntegrationHost, 'environment' | 'telemetry'> {
  readonly history: PageHistory;
}

interface Vitals {
  /** Observes what has been measured so far as final. */
  finish(): void;
  stop(): void;
}

/** When the event happened that made the metric what it is. */
function timeOf({ name, entries, navigationStartTime = 0 }: MetricType): number {
  if (name === 'CLS')
    return [...entries].sort((a, b) => b.value - a.value)[0]?.startTime ?? navigationStartTime;
  return (name === 'INP' && entries[0]?.startTime) || navigationStartTime;
}

function pageOf(metric: MetricType, visits: readonly Visit[]): string | undefined {
  const time = timeOf(metric);
  const oldest = visits[visits.length - 1];
  // A soft navigation is dated by the interaction that caused it: the page follows.
  const visit =
    metric.navigationType === 'soft-navigation' && time === metric.navigationStartTime
      ? (visits.filter(({ from }) => from >= time).pop() ?? visits[0])
      : (visits.find(({ from }) => from <= time) ?? oldest);
  return visit?.name;
}

/**
 * Observes the web vitals with Google's web-vitals library, each once for a page load, a soft navigation
 * (https://github.com/WICG/soft-navigations) or a return from the back/forward cache. FCP and TTFB are final when they
 * are there, LCP with the first input, and all of them when the page hides or a soft navigation begins. The library
 * itself only knows of documents that hide, and a Mini App is put aside with its document visible: so it reports every
 * change, and the last one counts.
 */
export function watchVitals({ environment, telemetry, history }: WatchDeps): Vitals {
  let active = true;
  /** The library reports each change of a metric with the same object. */
  const open = new Set<MetricType>();
  const finished = new WeakSet<MetricType>();

  const finish = (isFinal: (metric: MetricType) => boolean = () => true) => {
    for (const metric of open) {
      if (!isFinal(metric)) continue;
      open.delete(metric);
      finished.add(metric);
      const vital = metric.name.toLowerCase();
      const name = vital === 'cls' ? 'web_vital_cls' : `web_vital_${vital}_ms`;
      if (active) telemetry.observe(name, metric.value, { page: pageOf(metric, history.visits) });
    }
  };
  const keep = (metric: MetricType) => {
    if (finished.has(metric)) return;
    history.note();
    finish(({ name }) => name === metric.name && !open.has(metric));
    open.add(metric);
    finish(({ name }) => name === 'FCP' || name === 'TTFB');
  };
  const onInput = ({ isTrusted, timeStamp }: Event) => {
    // The entry of the last paint may still be on its way, and so may a soft navigation that this input begins.
    if (isTrusted) {
      whenIdle(environment, () =>
        finish(({ name, navigationStartTime = 0 }) => name === 'LCP' && navigationStartTime < timeStamp),
      );
    }
  };

  for (const watch of [onCLS, onFCP, onINP, onLCP, onTTFB]) {
    // The library reports a TTFB of 0 for every soft navigation.
    watch(keep, { reportAllChanges: true, reportSoftNavs: watch !== onTTFB });
  }
  const stop = listen([
    [environment, 'click', onInput],
    [environment, 'keydown', onInput],
  ]);

  return {
    finish: () => finish(),
    stop() {
      // The library cannot stop watching; what it reports from here on is ignored.
      active = false;
      stop();
    },
  };
}
