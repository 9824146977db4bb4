import { describe, expect, it } from 'vitest';
import { expectBalanced, openClient } from './client.fixture';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** The true time at which a fake device starts. */
const START = 1_800_000_000_000;

/** How far the times of what was counted lie from the true time, at most, in ms. */
function error(batches: ReturnType<typeof openClient>['gateway']['batches'], truth: number): number {
  const times = batches.flatMap(({ metrics }) => metrics.map(({ timestamp = 0 }) => timestamp));
  return Math.max(...times.map((time) => Math.abs(time - truth)));
}

describe('a device clock', () => {
  it.each([
    ['400 days slow', -400 * DAY],
    ['8 days slow', -8 * DAY],
    ['2 days fast', 2 * DAY],
    ['400 days fast', 400 * DAY],
    ['at 1970', -START],
  ])('that is %s loses no event that waits offline, and dates all of them right', async (_what, skew) => {
    const { gateway, device, page, open } = openClient();
    page.kill();
    device.clockSkew = skew;
    gateway.outage = 'unreachable';
    const first = open();
    for (let i = 0; i < 6; i++) {
      first.telemetry.trackUserAction(`tap_${i}`);
      await first.page.advance(5_100);
    }
    gateway.outage = undefined;
    await first.page.advance(120_000);
    expect(gateway.total('user_action_total')).toBe(6);
    expect(first.telemetry.stats()).toMatchObject({ acknowledged: 6, pending: 0, dropped: {} });
    // The batches have waited for two minutes, which is theirs and no error.
    expect(error(gateway.batches, START)).toBeLessThan(180_000);
  });

  it.each([
    ['8 days slow, and then right', -8 * DAY, 0],
    ['400 days slow, and then right', -400 * DAY, 0],
    ['2 days fast, and then right', 2 * DAY, 0],
    ['right, and then 2 days fast', 0, 2 * DAY],
    ['right, and then 400 days slow', 0, -400 * DAY],
    ['right, and then at 1970', 0, -START],
  ])('that is %s on the next page loses no event', async (_what, before, after) => {
    const { gateway, device, page, open } = openClient();
    page.kill();
    device.clockSkew = before;
    gateway.outage = 'unreachable';
    const first = open();
    for (let i = 0; i < 6; i++) {
      first.telemetry.trackUserAction(`tap_${i}`);
      await first.page.advance(5_100);
    }
    first.page.kill();
    device.clockSkew = after;
    gateway.outage = undefined;
    const next = open();
    next.telemetry.trackUserAction('next');
    await next.page.advance(120_000);
    expect(gateway.total('user_action_total')).toBe(7);
    expect(next.telemetry.stats()).toMatchObject({ acknowledged: 7, pending: 0, dropped: {} });
    const own = gateway.batches.filter(({ metrics }) => metrics[0]?.labels?.['action'] === 'next');
    expect(error(own, START)).toBeLessThan(180_000);
  });

  it('dates nothing in the future when an earlier page was ahead', async () => {
    const { gateway, device, page, open } = openClient();
    page.kill();
    device.clockSkew = 12 * HOUR;
    gateway.outage = 'unreachable';
    const first = open();
    first.telemetry.trackUserAction('tap');
    await first.page.advance(6_000);
    first.page.kill();
    device.clockSkew = 0;
    gateway.outage = undefined;
    await open().page.advance(10_000);
    expect(gateway.total('user_action_total')).toBe(1);
    expect(error(gateway.batches, START)).toBeLessThan(60_000);
  });

  it('that jumps between two events of a page moves no timestamp', async () => {
    const { gateway, device, page, telemetry } = openClient();
    telemetry.trackUserAction('before');
    device.clockSkew = HOUR;
    telemetry.trackUserAction('after');
    await page.advance(6_000);
    expect(error(gateway.batches, START)).toBeLessThan(1_000);
  });

  it('drops by the time waited, not by the date', async () => {
    const { gateway, device, page, telemetry } = openClient({ outbox: { ageMs: 2 * HOUR } });
    gateway.outage = 'unreachable';
    telemetry.trackUserAction('early');
    await page.advance(HOUR);
    device.clockSkew = 30 * DAY;
    telemetry.trackUserAction('late');
    await page.advance(HOUR + 120_000);
    expect(telemetry.stats().dropped).toEqual({ age: 1 });
    gateway.outage = undefined;
    await page.advance(120_000);
    expect(gateway.total('user_action_total', { action: 'late' })).toBe(1);
    expectBalanced(telemetry);
  });
});

it('adds up the time that a batch has waited on several pages', async () => {
  const { gateway, open, ...first } = openClient({ outbox: { ageMs: 5 * HOUR } });
  gateway.outage = 'unreachable';
  first.telemetry.trackUserAction('old');
  let { page, telemetry } = first;
  for (let i = 0; i < 2; i++) {
    await page.advance(2 * HOUR);
    page.hide();
    await page.advance(100);
    page.kill();
    ({ page, telemetry } = open());
  }
  await page.advance(2 * HOUR);
  expect(telemetry.stats()).toMatchObject({ pending: 0, dropped: { age: 1 } });
});
