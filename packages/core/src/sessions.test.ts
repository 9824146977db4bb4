import { describe, expect, it } from 'vitest';
import { openClient } from './client.fixture';
import type { FakePage } from './testing/fakeDevice';
import type { FakeGateway } from './testing/fakeGateway';

const MINUTE = 60_000;

const sessionsOf = ({ batches }: FakeGateway) => [...new Set(batches.map(({ session }) => session))];
const linksOf = ({ batches }: FakeGateway) =>
  batches
    .flatMap(({ logs = [] }) => logs)
    .filter(({ category }) => category === 'session')
    .map(({ fields }) => fields?.['previous_session']);

/** The page that follows `before` in the same tab, or in a tab that is opened from it: with a copy of its storage. */
const following =
  (before: FakePage, isNewTab = false) =>
  (page: FakePage) => {
    const { sessionStorage } = before.environment;
    if (!isNewTab) {
      Object.assign(page.environment, { sessionStorage });
      return;
    }
    for (const key of Object.keys(sessionStorage)) {
      page.environment.sessionStorage.setItem(key, sessionStorage.getItem(key) ?? '');
    }
  };

describe('a session', () => {
  it('ends after 15 minutes without an event; the next is linked to it by a line that is no event', async () => {
    const { gateway, page, telemetry } = openClient();
    telemetry.trackUserAction('before');
    await page.advance(5 * 60 * MINUTE);
    telemetry.trackUserAction('after');
    await page.advance(6_000);
    const [first, second] = sessionsOf(gateway);
    expect(sessionsOf(gateway)).toHaveLength(2);
    expect(second).not.toBe(first);
    expect(linksOf(gateway)).toEqual([first]);
    expect(telemetry.stats()).toMatchObject({ emitted: 2, acknowledged: 2 });
  });

  it('goes on through pauses, and ends after four hours', async () => {
    const { gateway, page, telemetry } = openClient();
    for (let i = 0; i < 30; i++) {
      telemetry.trackUserAction('tap');
      await page.advance(10 * MINUTE);
    }
    const sessions = sessionsOf(gateway);
    expect(sessions).toHaveLength(2);
    expect(linksOf(gateway)).toEqual([sessions[0]]);
  });

  it('goes on in the next page of the tab, also if the page is hidden and shown before anything happens', async () => {
    const { gateway, page, telemetry, open } = openClient();
    telemetry.trackUserAction('first');
    page.hide();
    const next = open({}, {}, following(page));
    await next.page.advance(MINUTE);
    next.page.hide();
    next.page.document.hidden = false;
    next.page.document.dispatchEvent(new Event('visibilitychange'));
    next.page.window.dispatchEvent(new Event('online'));
    next.telemetry.trackUserAction('second');
    await next.page.advance(6_000);
    expect(gateway.total('user_action_total')).toBe(2);
    expect(sessionsOf(gateway)).toHaveLength(1);
    expect(linksOf(gateway)).toEqual([]);
  });

  it.each([true, false])(
    'of a tab that was opened from another is its own (after an event: %j)',
    async (active) => {
      const { gateway, page, telemetry, open } = openClient();
      telemetry.trackUserAction('first');
      page.hide();
      const opener = open({}, {}, following(page));
      if (active) opener.telemetry.trackUserAction('opener');
      await opener.page.advance(6_000);
      const opened = open({}, {}, following(opener.page, true));
      opened.telemetry.trackUserAction('opened');
      await opened.page.advance(6_000);
      opener.telemetry.trackUserAction('opener');
      await opener.page.advance(6_000);
      const [first, second, ...more] = sessionsOf(gateway);
      expect([more, second === first]).toEqual([[], false]);
      const openedBatch = gateway.batches.find(({ metrics }) => metrics[0]?.labels?.['action'] === 'opened');
      expect(openedBatch?.session).toBe(second);
    },
  );

  it('keeps its draw of the sample in the next page', async () => {
    const draws = new Set<boolean>();
    for (let tab = 0; tab < 20; tab++) {
      let { page, telemetry, open } = openClient({ sampleRate: 0.5 }, {}, tab + 1);
      const { sampled } = telemetry.stats();
      draws.add(sampled);
      for (let i = 0; i < 5; i++) {
        page.hide();
        ({ page, telemetry } = open({}, {}, following(page)));
        expect(telemetry.stats().sampled).toBe(sampled);
      }
    }
    expect(draws.size).toBe(2);
  });
});

describe('the flag of traceparent', () => {
  const flag = (client: {
    readonly telemetry: { startSpan(name: string): { readonly traceparent: string } };
  }) => client.telemetry.startSpan('shot').traceparent.slice(-3);

  it('says whether the span will be sent', async () => {
    expect(flag(openClient())).toBe('-01');
    expect(flag(openClient({ sampleRate: 0 }))).toBe('-00');
    expect(flag(openClient({ consent: false }))).toBe('-00');
    const pending = openClient({ consent: 'pending' });
    expect(flag(pending)).toBe('-00');
    pending.telemetry.setConsent(true);
    expect(flag(pending)).toBe('-01');
    pending.telemetry.setConsent(false);
    expect(flag(pending)).toBe('-00');
    const over = openClient();
    await over.telemetry.shutdown();
    expect(flag(over)).toBe('-00');
  });
});
