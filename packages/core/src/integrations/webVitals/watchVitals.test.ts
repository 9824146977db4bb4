import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { MetricType, ReportOpts } from 'web-vitals';
import type { Environment } from '../../page/environment';
import { fakeHost } from '../host.fixture';
import type { Visit } from './pageHistory';
import { watchVitals } from './watchVitals';

/** Google's library, with its reports in the test's hands. */
const library = vi.hoisted(
  () => new Map<string, { readonly report: (metric: object) => void; opts: object }>(),
);
vi.mock('web-vitals', () => {
  const on = (name: string) => (report: (metric: MetricType) => void, opts: ReportOpts) =>
    library.set(name, { report: report as (metric: object) => void, opts });
  return { onCLS: on('CLS'), onFCP: on('FCP'), onINP: on('INP'), onLCP: on('LCP'), onTTFB: on('TTFB') };
});

beforeEach(() => library.clear());

function start(visits: readonly Visit[] = [{ from: 0, name: '/lobby' }]) {
  const idle: (() => void)[] = [];
  const listeners = new Map<string, (event: object) => void>();
  const environment = {
    addEventListener: (type: string, run: (event: object) => void) => listeners.set(type, run),
    removeEventListener: (type: string) => listeners.delete(type),
    requestIdleCallback: (run: () => void) => idle.push(run),
  } as unknown as Environment;
  const { host, calls } = fakeHost(environment);
  const note = vi.fn();
  const vitals = watchVitals({ ...host, history: { visits, note, stop() {} } });
  return {
    ...vitals,
    observed: () => calls.map(([, name, value, labels]) => [name, value, Object(labels).page]),
    note,
    /** Reports a metric, or a change of it, as the library does: with one object for each instance. */
    report(metric: { readonly name: string }) {
      library.get(metric.name)?.report(metric);
    },
    input(timeStamp: number, isTrusted = true) {
      listeners.get('click')?.({ timeStamp, isTrusted });
    },
    idle() {
      for (const run of idle.splice(0)) run();
    },
  };
}

const metricOf = (name: string, value: number, facts: Partial<MetricType> = {}) => ({
  name,
  value,
  entries: [],
  ...facts,
});
const shift = (startTime: number, value: number) => ({ startTime, value }) as LayoutShift;

describe('web vitals', () => {
  it('are observed once: FCP and TTFB when they are there, the others when the page hides', () => {
    const { report, observed, finish } = start();
    report(metricOf('FCP', 900));
    report(metricOf('TTFB', 100));
    const cls = metricOf('CLS', 0.1);
    report(cls);
    report(Object.assign(cls, { value: 0.2 }));
    report(metricOf('INP', 80));
    report(metricOf('LCP', 1_200));
    expect(observed()).toEqual([
      ['web_vital_fcp_ms', 900, '/lobby'],
      ['web_vital_ttfb_ms', 100, '/lobby'],
    ]);
    finish();
    finish();
    report(Object.assign(cls, { value: 0.3 }));
    finish();
    expect(observed().slice(2)).toEqual([
      ['web_vital_cls', 0.2, '/lobby'],
      ['web_vital_inp_ms', 80, '/lobby'],
      ['web_vital_lcp_ms', 1_200, '/lobby'],
    ]);
  });

  it('are observed anew after a return from the back/forward cache', () => {
    const { report, observed, finish } = start();
    report(metricOf('LCP', 1_200));
    finish();
    report(metricOf('LCP', 30, { navigationType: 'back-forward-cache', navigationStartTime: 5_000 }));
    finish();
    expect(observed().map(([, value]) => value)).toEqual([1_200, 30]);
  });

  it('have an LCP that is final with the first input of the player, as soon as the page is idle', () => {
    const { report, observed, input, idle } = start();
    report(metricOf('LCP', 1_200));
    input(2_000, false);
    idle();
    expect(observed()).toEqual([]);
    input(2_000);
    expect(observed()).toEqual([]);
    idle();
    expect(observed()).toEqual([['web_vital_lcp_ms', 1_200, '/lobby']]);
  });

  it('keep the LCP of a soft navigation open that began with that input', () => {
    const { report, observed, input, idle, finish } = start();
    input(2_000);
    const lcp = metricOf('LCP', 50, { navigationType: 'soft-navigation', navigationStartTime: 2_000 });
    report(lcp);
    idle();
    report(Object.assign(lcp, { value: 400 }));
    finish();
    expect(observed()).toEqual([['web_vital_lcp_ms', 400, '/lobby']]);
  });

  it('are observed of the page before when a soft navigation begins the next', () => {
    const { report, observed } = start();
    report(metricOf('CLS', 0.1));
    report(metricOf('CLS', 0, { navigationType: 'soft-navigation', navigationStartTime: 2_000 }));
    expect(observed()).toEqual([['web_vital_cls', 0.1, '/lobby']]);
  });

  it('include soft navigations where the browser can, except for TTFB, which would always be 0', () => {
    start();
    for (const name of ['CLS', 'FCP', 'INP', 'LCP']) {
      expect(library.get(name)?.opts).toEqual({ reportAllChanges: true, reportSoftNavs: true });
    }
    expect(library.get('TTFB')?.opts).toEqual({ reportAllChanges: true, reportSoftNavs: false });
  });

  it('are not observed after the integration has been stopped', () => {
    const { report, observed, finish, stop } = start();
    report(metricOf('CLS', 0.1));
    stop();
    finish();
    report(metricOf('FCP', 900));
    expect(observed()).toEqual([]);
  });
});

describe('the page of a web vital', () => {
  const visits = [
    { from: 3_000, name: '/third' },
    { from: 2_000, name: '/second' },
    { from: 0, name: '/first' },
  ];

  it.each<readonly [why: string, metric: { readonly name: string }, page: string]>([
    [
      'the largest shift happened on',
      metricOf('CLS', 0.4, { entries: [shift(1_900, 0.3), shift(2_100, 0.1)] }),
      '/first',
    ],
    [
      'the interaction happened on, though it led to another',
      metricOf('INP', 80, { entries: [{ startTime: 2_500 } as PerformanceEventTiming] }),
      '/second',
    ],
    ['was loaded, whatever was painted later', metricOf('LCP', 2_500, { navigationStartTime: 0 }), '/first'],
    ['was loaded', metricOf('FCP', 900), '/first'],
    ['was loaded if there was no shift', metricOf('CLS', 0), '/first'],
    [
      'came back from the back/forward cache',
      metricOf('LCP', 30, { navigationType: 'back-forward-cache', navigationStartTime: 2_200 }),
      '/second',
    ],
    [
      'a soft navigation led to',
      metricOf('LCP', 30, { navigationType: 'soft-navigation', navigationStartTime: 1_990 }),
      '/second',
    ],
    [
      'a soft navigation led to, also without a shift',
      metricOf('CLS', 0, { navigationType: 'soft-navigation', navigationStartTime: 2_980 }),
      '/third',
    ],
  ])('is the one that %s', (_, metric, page) => {
    const { report, observed, finish, note } = start(visits);
    report(metric);
    finish();
    expect(observed()[0]?.[2]).toBe(page);
    expect(note).toHaveBeenCalledOnce();
  });

  it('is the oldest that is remembered for what happened before', () => {
    const { report, observed, finish } = start(visits.slice(0, 2));
    report(metricOf('CLS', 0.4, { entries: [shift(100, 0.4)] }));
    finish();
    expect(observed()[0]?.[2]).toBe('/second');
  });
});
