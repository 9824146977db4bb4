import { describe, expect, it } from 'vitest';
import type { Environment } from '../page/environment';
import { fakeHost } from './host.fixture';
import { pageLoad } from './pageLoad';

interface PageFacts {
  readonly readyState?: string;
  readonly hidden?: boolean;
  /** Entries of the performance timeline, by type; `undefined`: no `getEntriesByType` at all. */
  readonly entries?: Readonly<Record<string, readonly object[]>> | undefined;
}

/** A page on which `pageLoad` is at work, with its load event in the test's hands. */
function openPage({ readyState = 'interactive', hidden = false, ...facts }: PageFacts = {}) {
  const timers: (() => void)[] = [];
  const document = Object.assign(new EventTarget(), { readyState, hidden });
  const entries = 'entries' in facts ? facts.entries : { navigation: [{ duration: 321 }] };
  const environment = Object.assign(new EventTarget(), {
    document,
    performance: entries && { getEntriesByType: (type: string) => entries[type] ?? [] },
    setTimeout: (run: () => void) => timers.push(run),
  }) as unknown as Environment;
  let name = '/lobby';
  const { host, calls } = fakeHost(environment, { page: () => name });
  const contribution = pageLoad().setup(host);
  return {
    calls,
    stop: () => contribution?.stop?.(),
    /** Goes to another page of the app. */
    go: (next: string) => {
      name = next;
    },
    show(state: string) {
      document.hidden = state === 'hidden';
      document.dispatchEvent(new Event('visibilitychange'));
    },
    /** Dispatches the load event and runs what was put off until after it. */
    load() {
      environment.dispatchEvent(new Event('load'));
      for (const run of timers.splice(0)) run();
    },
  };
}

describe('pageLoad', () => {
  it('observes the duration of the navigation after the load event', () => {
    const page = openPage();
    expect(page.calls).toEqual([]);
    page.load();
    expect(page.calls).toEqual([['trackPageLoad', '/lobby', 321]]);
  });

  it('observes it at once if the page has already been loaded', () => {
    const page = openPage({ readyState: 'complete' });
    page.load();
    expect(page.calls).toEqual([['trackPageLoad', '/lobby', 321]]);
  });

  it('names the page that was loaded, wherever the app has gone since', () => {
    const page = openPage();
    page.go('/shop');
    page.load();
    expect(page.calls[0]?.[1]).toBe('/lobby');
  });

  it.each([
    [300, 21],
    [500, 0],
  ])(
    'measures a page that was prerendered and activated after %d ms from there: %d ms',
    (activationStart, ms) => {
      const hidden = { name: 'hidden', startTime: 0 };
      const visible = { name: 'visible', startTime: activationStart };
      const page = openPage({
        entries: {
          navigation: [{ duration: 321, activationStart }],
          'visibility-state': [hidden, visible],
        },
      });
      page.load();
      expect(page.calls).toEqual([['trackPageLoad', '/lobby', ms]]);
    },
  );

  it('does not observe a page that is loaded hidden', () => {
    const page = openPage({ hidden: true });
    page.show('visible');
    page.load();
    expect(page.calls).toEqual([]);
  });

  it('does not observe a page that was hidden before the client started', () => {
    const page = openPage({
      entries: {
        navigation: [{ duration: 321 }],
        'visibility-state': [
          { name: 'hidden', startTime: 0 },
          { name: 'visible', startTime: 100 },
        ],
      },
    });
    page.load();
    expect(page.calls).toEqual([]);
  });

  it('does not observe a page that is hidden before its load event', () => {
    const page = openPage();
    page.show('hidden');
    page.show('visible');
    page.load();
    expect(page.calls).toEqual([]);
  });

  it('observes a page that is hidden only after its load event', () => {
    const page = openPage({
      entries: {
        navigation: [{ duration: 321 }],
        'visibility-state': [
          { name: 'visible', startTime: 0 },
          { name: 'hidden', startTime: 400 },
        ],
      },
    });
    page.load();
    expect(page.calls).toHaveLength(1);
  });

  it.each([
    ['getEntriesByType', undefined],
    ['a navigation entry', {}],
    ['a finished navigation', { navigation: [{ duration: 0 }] }],
  ])('is silent without %s', (_, entries) => {
    const page = openPage({ entries });
    page.load();
    expect(page.calls).toEqual([]);
  });

  it('observes nothing after it has been stopped', () => {
    const page = openPage({ readyState: 'complete' });
    page.stop();
    page.load();
    expect(page.calls).toEqual([]);
  });
});
