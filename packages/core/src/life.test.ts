import { describe, expect, it, vi } from 'vitest';
import { expectBalanced, openClient } from './client.fixture';
import type { Contribution, TelemetryOptions } from './telemetry';

const contributed = (contribution: Contribution) => ({
  integrations: [{ name: 'test', setup: vi.fn(() => contribution) }],
});

/** A client on a page that the browser prerenders. */
function openPrerendered(options: Partial<TelemetryOptions> = {}) {
  const prerendered = { prerendering: true, hidden: true };
  const client = openClient({ ...options, prepare: (page) => Object.assign(page.document, prerendered) });
  const { document } = client.page;
  const activate = () => {
    Object.assign(document, { prerendering: false, hidden: false });
    document.dispatchEvent(new Event('prerenderingchange'));
  };
  return { ...client, activate };
}

describe('a prerendered page', () => {
  it('that nobody opens counts nothing, stores nothing and starts nothing', async () => {
    const options = contributed({});
    const { gateway, device, page, telemetry, open } = openPrerendered(options);
    telemetry.trackUserAction('page_view');
    telemetry.trackError(new Error('urgent'));
    await page.advance(60_000);
    await telemetry.flush();
    page.hide();
    page.kill();
    expect(Object.keys(device.localStorage)).toEqual([]);
    expect(options.integrations[0]?.setup).not.toHaveBeenCalled();
    const next = open();
    await next.page.advance(6_000);
    expect(gateway.requests).toBe(0);
    expectBalanced(telemetry);
  });

  it('counts what it has recorded, and starts, when it is opened', async () => {
    const options = contributed({});
    const { gateway, page, telemetry, activate } = openPrerendered(options);
    telemetry.trackUserAction('page_view');
    await page.advance(60_000);
    activate();
    await page.advance(1_000);
    expect(gateway.total('user_action_total')).toBe(1);
    expect(options.integrations[0]?.setup).toHaveBeenCalledOnce();
    telemetry.trackUserAction('tap');
    page.hide();
    await page.advance(1);
    expect(gateway.total('user_action_total')).toBe(2);
  });

  it('has what it has just recorded on the device as soon as it is opened', async () => {
    const { gateway, page, telemetry, activate, open } = openPrerendered();
    gateway.outage = 'unreachable';
    telemetry.trackUserAction('page_view');
    await page.advance(10);
    activate();
    await page.advance(250);
    page.kill();
    gateway.outage = undefined;
    const next = open();
    await next.page.advance(6_000);
    expect(gateway.total('user_action_total')).toBe(1);
  });

  it('starts nothing by a consent that is given before it is opened', async () => {
    const options = { ...contributed({}), consent: 'pending' as const };
    const { gateway, page, telemetry, activate } = openPrerendered(options);
    telemetry.setConsent(true);
    telemetry.trackUserAction('page_view');
    await page.advance(6_000);
    expect(options.integrations[0]?.setup).not.toHaveBeenCalled();
    expect(gateway.requests).toBe(0);
    activate();
    await page.advance(1_000);
    expect(gateway.total('user_action_total')).toBe(1);
  });

  it('starts nothing when it is opened after the client has ended', async () => {
    const options = contributed({});
    const { page, telemetry, activate } = openPrerendered(options);
    await telemetry.shutdown();
    activate();
    await page.advance(1_000);
    expect(options.integrations[0]?.setup).not.toHaveBeenCalled();
  });
});

describe('consent', () => {
  it('that is refused while it was pending drops what has waited, and records no more', async () => {
    const { gateway, page, telemetry } = openClient({ consent: 'pending' });
    telemetry.trackUserAction('early');
    await page.advance(6_000);
    telemetry.trackUserAction('early');
    telemetry.setConsent(false);
    telemetry.trackUserAction('late');
    expect(telemetry.stats()).toMatchObject({ consent: 'denied', pending: 0, dropped: { consent: 3 } });
    telemetry.setConsent(true);
    await page.advance(6_000);
    expect(gateway.total('user_action_total')).toBe(0);
    expectBalanced(telemetry);
  });

  it('that is taken back leaves nothing on the device, leases neither', async () => {
    const { gateway, device, page, telemetry } = openClient({}, { locks: false });
    gateway.outage = 'unreachable';
    telemetry.trackUserAction('tap');
    await page.advance(6_000);
    expect(Object.keys(device.localStorage)).not.toEqual([]);
    telemetry.setConsent(false);
    expect(Object.keys(device.localStorage)).toEqual([]);
    await page.advance(120_000);
    page.hide();
    expect([Object.keys(device.localStorage), Object.keys(page.environment.sessionStorage)]).toEqual([
      [],
      [],
    ]);
  });

  it.each([true, false])('that is given again keeps and sends as at first (locks: %j)', async (locks) => {
    const { gateway, page, telemetry, open } = openClient({}, { locks });
    await page.advance(2_000);
    telemetry.setConsent(false);
    telemetry.setConsent(true);
    gateway.outage = 'unreachable';
    telemetry.trackUserAction('tap');
    await page.advance(250);
    const other = open();
    await other.page.advance(1_000);
    expect(other.telemetry.stats().adopted).toBe(0);
    gateway.outage = undefined;
    page.kill();
    await other.page.advance(120_000);
    expect(gateway.total('user_action_total')).toBe(1);
    expectBalanced(other.telemetry);
  });

  it('starts the integrations when it is given, once', async () => {
    const options = { ...contributed({}), consent: false };
    const { telemetry } = openClient(options);
    const setup = options.integrations[0]?.setup;
    expect(setup).not.toHaveBeenCalled();
    for (const granted of [true, true, false, true]) telemetry.setConsent(granted);
    expect(setup).toHaveBeenCalledOnce();
  });

  it.each(['yes', 1, undefined, null, {}])('is given by true alone, not by %j', (granted) => {
    const { telemetry } = openClient({ consent: 'pending' });
    telemetry.setConsent(granted as boolean);
    expect(telemetry.stats().consent).toBe('denied');
  });
});

describe('a session that is not in the sample', () => {
  it('starts nothing, and drops everything as sampled', async () => {
    const options = { ...contributed({}), sampleRate: 0 };
    const { gateway, page, telemetry } = openClient(options);
    telemetry.trackUserAction('tap');
    await page.advance(6_000);
    page.hide();
    expect(options.integrations[0]?.setup).not.toHaveBeenCalled();
    expect(gateway.requests).toBe(0);
    expect(telemetry.stats()).toMatchObject({ sampled: false, dropped: { sampled: 1 } });
  });
});

describe('a page that hides', () => {
  it('lets the integrations record what is final, and sends it', async () => {
    const beforeHide = () => client.telemetry.observe('web_vital_cls', 0.1);
    const client = openClient(contributed({ beforeHide }));
    client.page.hide();
    await client.page.advance(1);
    expect(client.gateway.total('web_vital_cls')).toBeGreaterThan(0);
  });

  it('passes Telegram’s events to integrations, and hides when Telegram minimizes the app', async () => {
    const onTelegramEvent = vi.fn();
    const { gateway, page, telemetry } = openClient(contributed({ onTelegramEvent }));
    telemetry.trackUserAction('tap');
    // The bridge is watched by the later chunk.
    await page.advance(10);
    const data = '{"eventType":"visibility_changed","eventData":{"is_visible":false}}';
    page.window.dispatchEvent(Object.assign(new Event('message'), { data, source: page.window }));
    await page.advance(1);
    expect(onTelegramEvent).toHaveBeenCalledWith('visibility_changed', { is_visible: false });
    expect(gateway.total('user_action_total')).toBe(1);
  });

  it('sends under a new producer once it is restored, since another may have taken its records over', async () => {
    const { gateway, page, telemetry } = openClient();
    telemetry.trackUserAction('before');
    page.hide();
    page.document.hidden = false;
    page.window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
    telemetry.trackUserAction('after');
    await page.advance(6_000);
    const producers = gateway.batches.map(({ producer }) => producer);
    expect(new Set(producers).size).toBe(2);
    expect(gateway.total('user_action_total')).toBe(2);
  });
});

describe('the end', () => {
  it('delivers everything, removes every patch, and refuses what comes later', async () => {
    const stop = vi.fn();
    const { gateway, page, telemetry } = openClient(contributed({ stop }));
    telemetry.trackUserAction('last');
    const over = telemetry.shutdown();
    await page.advance(100);
    await over;
    telemetry.trackUserAction('late');
    page.hide();
    await telemetry.shutdown();
    expect(stop).toHaveBeenCalledOnce();
    expect(gateway.total('user_action_total')).toBe(1);
    expect(telemetry.stats()).toMatchObject({ acknowledged: 1, pending: 0, dropped: { shutdown: 1 } });
  });

  it('leaves to the next page what was recorded while the last request was under way', async () => {
    const { gateway, page, telemetry, open } = openClient();
    gateway.faults.push('hangs');
    telemetry.trackUserAction('first');
    const over = telemetry.shutdown();
    await page.advance(14_990);
    telemetry.trackUserAction('meanwhile');
    await page.advance(20);
    await over;
    await page.advance(1_000);
    page.kill();
    const next = open();
    await next.page.advance(60_000);
    expect(gateway.total('user_action_total')).toBe(2);
  });

  it.each(['pending', false] as const)('stores nothing without consent (%j)', async (consent) => {
    const { device, page, telemetry } = openClient({ consent });
    telemetry.trackUserAction('tap');
    await telemetry.shutdown();
    expect([Object.keys(device.localStorage), Object.keys(page.environment.sessionStorage)]).toEqual([
      [],
      [],
    ]);
  });

  it('closes the Mini App by an integration where telegram-web-app.js is not there', async () => {
    const close = vi.fn();
    const { page, telemetry } = openClient(contributed({ close }));
    const closed = telemetry.flushAndClose();
    await page.advance(300);
    await closed;
    expect(close).toHaveBeenCalledOnce();
  });
});

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
