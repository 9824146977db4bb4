import { describe, expect, it } from 'vitest';
import { openClient } from './client.fixture';

describe('the later chunk', () => {
  it('looks again for what other pages leave, as long as any lives', async () => {
    const { gateway, page, telemetry, open } = openClient();
    gateway.outage = 'unreachable';
    telemetry.trackUserAction('tap');
    await page.advance(1_000);
    const other = open();
    await other.page.advance(10_000);
    page.kill();
    gateway.outage = undefined;
    await other.page.advance(31_000);
    expect(gateway.total('user_action_total')).toBe(1);
    expect(other.telemetry.stats().adopted).toBe(1);
  });

  it('takes over nothing for a player who has not agreed', async () => {
    const { gateway, page, telemetry, open } = openClient();
    gateway.outage = 'unreachable';
    telemetry.trackUserAction('tap');
    await page.advance(1_000);
    page.kill();
    gateway.outage = undefined;
    const next = open({ consent: 'pending' });
    await next.page.advance(60_000);
    expect(gateway.requests).toBe(0);
    next.telemetry.setConsent(true);
    await next.page.advance(6_000);
    expect(gateway.total('user_action_total')).toBe(1);
  });

  it('lets another page have what a sleeping page has stored, and takes back the rest', async () => {
    const { gateway, page, telemetry, open } = openClient();
    gateway.outage = 'unreachable';
    telemetry.trackUserAction('tap');
    await page.advance(6_000);
    page.hide();
    await page.advance(100);
    const other = open();
    gateway.outage = undefined;
    await other.page.advance(6_000);
    expect(other.telemetry.stats()).toMatchObject({ adopted: 1, acknowledged: 1 });
    page.document.hidden = false;
    page.document.dispatchEvent(new Event('visibilitychange'));
    telemetry.trackUserAction('awake');
    await page.advance(10_000);
    expect(gateway.total('user_action_total')).toBe(2);
    expect(telemetry.stats()).toMatchObject({ emitted: 1, acknowledged: 1, pending: 0 });
  });

  it('leaves what a page has stored to another as soon as that page ends, without locks too', async () => {
    const { gateway, page, telemetry, open } = openClient({}, { locks: false });
    gateway.outage = 'unreachable';
    telemetry.trackUserAction('tap');
    await page.advance(6_000);
    page.hide();
    page.kill();
    const next = open();
    await next.page.advance(1_000);
    expect(next.telemetry.stats().adopted).toBe(1);
  });

  it('has the session token ready before the first batch', async () => {
    let asked = 0;
    const { page } = openClient({
      async token() {
        asked++;
        return 'token';
      },
    });
    await page.advance(1_000);
    expect(asked).toBe(1);
  });
});
