import { describe, expect, it } from 'vitest';
import { expectBalanced, openClient } from './client.fixture';

describe('consent', () => {
  it('that is pending holds events in memory, and writes and sends nothing', async () => {
    const { gateway, device, page, telemetry } = openClient({ consent: 'pending' });
    telemetry.trackUserAction('early');
    await page.advance(60_000);
    page.hide();
    expect(gateway.requests).toBe(0);
    expect(Object.keys(device.localStorage)).toHaveLength(0);
    expect(Object.keys(page.environment.sessionStorage ?? {})).toHaveLength(0);
    telemetry.setConsent(true);
    await page.advance(1_000);
    expect(gateway.total('user_action_total')).toBe(1);
    page.hide();
    expect(Object.keys(page.environment.sessionStorage ?? {})).toHaveLength(1);
    telemetry.setConsent(false);
    expect(Object.keys(page.environment.sessionStorage ?? {})).toHaveLength(0);
  });

  it('that is taken back erases what is kept', async () => {
    const { gateway, page, telemetry, open } = openClient();
    gateway.outage = 'unreachable';
    telemetry.trackUserAction('regretted');
    await page.advance(6_000);
    telemetry.setConsent(false);
    telemetry.trackUserAction('never taken');
    await page.advance(1_000);
    gateway.outage = undefined;
    page.kill();
    const next = open();
    await next.page.advance(20_000);
    expect(gateway.requests).toBeGreaterThan(0);
    expect(gateway.total('user_action_total')).toBe(0);
    expect(telemetry.stats()).toMatchObject({ pending: 0, dropped: { consent: 2 } });
  });

  it('that is denied while it is pending forgets what has waited, and takes nothing more', async () => {
    const { gateway, page, telemetry } = openClient({ consent: 'pending' });
    telemetry.trackUserAction('before');
    telemetry.setConsent(false);
    expect(telemetry.stats()).toMatchObject({ consent: 'denied', pending: 0, dropped: { consent: 1 } });
    telemetry.trackUserAction('after');
    telemetry.setConsent(true);
    await page.advance(6_000);
    expect(gateway.total('user_action_total')).toBe(0);
    expect(telemetry.stats().dropped).toEqual({ consent: 2 });
    expectBalanced(telemetry);
  });

  it('that is denied erases what earlier pages have left', async () => {
    const { gateway, page, telemetry, open } = openClient();
    gateway.outage = 'unreachable';
    telemetry.trackUserAction('regretted');
    await page.advance(6_000);
    page.kill();
    gateway.outage = undefined;
    const { page: asking, telemetry: pending } = open({ consent: 'pending' });
    await asking.advance(1_000);
    pending.setConsent(false);
    await asking.advance(1_000);
    asking.kill();
    await open().page.advance(20_000);
    expect(gateway.total('user_action_total')).toBe(0);
  });

  it('that is denied erases what is in a database that works again, and has not been tried since', async () => {
    const { gateway, device, page, telemetry, open } = openClient();
    gateway.outage = 'unreachable';
    telemetry.trackUserAction('regretted');
    await page.advance(6_000);
    device.database = 'fails';
    telemetry.trackUserAction('regretted');
    await page.advance(1_000);
    expect(telemetry.stats().storage).toBe('localstorage');
    device.database = 'works';
    telemetry.setConsent(false);
    await page.advance(1_000);
    page.kill();
    gateway.outage = undefined;
    await open().page.advance(20_000);
    expect(gateway.total('user_action_total')).toBe(0);
  });
});

describe('flushAndClose', () => {
  it('flushes for at most 300 ms before it closes the Mini App', async () => {
    const { gateway, page, telemetry } = openClient();
    let closed = 0;
    Object.assign(page.window, { Telegram: { WebApp: { close: () => closed++ } } });
    gateway.faults.push('hangs');
    telemetry.trackUserAction('last');
    void telemetry.flushAndClose();
    await page.advance(290);
    expect(closed).toBe(0);
    await page.advance(20);
    expect(closed).toBe(1);
  });
});

describe('shutdown', () => {
  it('delivers what was recorded while it was under way', async () => {
    const { gateway, page, telemetry, open } = openClient();
    gateway.faults.push('hangs');
    telemetry.trackUserAction('before');
    const down = telemetry.shutdown();
    await page.advance(14_990);
    telemetry.trackUserAction('meanwhile');
    await page.advance(1_000);
    await down;
    telemetry.trackUserAction('after');
    expect(telemetry.stats().dropped).toEqual({ shutdown: 1 });
    expectBalanced(telemetry);
    page.kill();
    await open().page.advance(6_000);
    expect(gateway.total('user_action_total')).toBe(2);
  });

  it('adds the time that batches have waited to what is stored', async () => {
    const hour = 3_600_000;
    const { gateway, page, telemetry, open } = openClient({ outbox: { ageMs: 3 * hour } });
    gateway.outage = 'unreachable';
    telemetry.trackUserAction('old');
    await page.advance(2 * hour);
    const down = telemetry.shutdown();
    await page.advance(1_000);
    await down;
    page.kill();
    const next = open();
    await next.page.advance(1.5 * hour);
    expect(next.telemetry.stats().dropped).toEqual({ age: 1 });
  });
});
