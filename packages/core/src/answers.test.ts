import { describe, expect, it } from 'vitest';
import { expectBalanced, openClient } from './client.fixture';

const json =
  (body: unknown, status = 200) =>
  () =>
    Response.json(body, { status });
const html = (status: number) => () =>
  new Response('<h1>Sign in</h1>', { status, headers: { 'content-type': 'text/html' } });

describe('an answer', () => {
  it.each([
    ['a page of HTML', html(200), /not the gateway's: 200 text\/html/],
    ['JSON from another server', json({ ok: true }), /not the gateway's: 200 application\/json/],
    ['null', json(null), /not the gateway's: 200/],
    ['a list', json([]), /not the gateway's: 200/],
    ['a count that is no number', json({ accepted: 'all', rejected: [] }), /not the gateway's: 200/],
    ['no content', () => new Response(null, { status: 204 }), /not the gateway's: 204/],
    ['a redirect that nobody follows', () => new Response(null, { status: 302 }), /answered 302/],
    ['nothing that a page may read', () => Response.error(), /answered 0/],
    ['broken JSON', () => new Response('{"accepted": 1', { status: 202 }), /not the gateway's: 202/],
    ['a rejection that names nothing', json({ accepted: 0, rejected: [null] }, 202), /./],
  ])(
    "of %s is not the gateway's word: the batch waits, and one warning says why",
    async (_what, fault, reason) => {
      const { gateway, page, telemetry } = openClient();
      gateway.outage = fault;
      telemetry.trackUserAction('tap');
      await page.advance(120_000);
      expect(telemetry.stats()).toMatchObject({ acknowledged: 0, pending: 1, dropped: {} });
      expect(telemetry.stats().lastError).toMatch(reason);
      expect(page.warnings).toEqual([expect.stringMatching(reason)]);
      gateway.outage = undefined;
      await page.advance(120_000);
      expect(gateway.total('user_action_total')).toBe(1);
      expect(telemetry.stats()).toMatchObject({ acknowledged: 1, pending: 0 });
      expect(telemetry.stats().lastError).toBeUndefined();
    },
  );

  it.each([408, 425, 429, 500, 502, 503, 504])('of %d keeps the batch', async (status) => {
    const { gateway, page, telemetry } = openClient();
    gateway.faults.push({ status });
    telemetry.trackUserAction('tap');
    await page.advance(60_000);
    expect(gateway.total('user_action_total')).toBe(1);
  });

  it.each([400, 401, 403, 404, 413, 422])('of %d drops that batch, and none behind it', async (status) => {
    const { gateway, page, telemetry } = openClient();
    gateway.faults.push({ status });
    telemetry.trackUserAction('first');
    await page.advance(5_500);
    telemetry.trackUserAction('second');
    await page.advance(6_000);
    expect(gateway.requests).toBe(2);
    expect(gateway.total('user_action_total', { action: 'second' })).toBe(1);
    expect(telemetry.stats()).toMatchObject({ acknowledged: 1, dropped: { rejected: 1 } });
    expectBalanced(telemetry);
  });

  it('that explains a refusal is quoted in the warning', async () => {
    const { gateway, page, telemetry } = openClient();
    gateway.faults.push({ status: 403, detail: 'origin: https://app.test is not allowed' });
    telemetry.trackUserAction('tap');
    await page.advance(6_000);
    expect(page.warnings[0]).toContain('403 origin: https://app.test is not allowed');
  });

  it('that refuses every item ends the matter with one request', async () => {
    const { gateway, page, telemetry } = openClient();
    for (let i = 0; i < 99; i++) telemetry.count(`bad name ${i}`);
    await page.advance(60_000);
    expect(gateway.requests).toBe(1);
    expect(telemetry.stats()).toMatchObject({ acknowledged: 0, pending: 0, dropped: { rejected: 99 } });
    expectBalanced(telemetry);
  });

  it('that refuses one item books the events in it, and the others as acknowledged', async () => {
    const { gateway, page, telemetry } = openClient();
    for (let i = 0; i < 3; i++) telemetry.count('bad name');
    telemetry.count('good_total');
    telemetry.log.info('fine');
    await page.advance(60_000);
    expect(gateway.requests).toBe(1);
    expect(telemetry.stats()).toMatchObject({ acknowledged: 2, pending: 0, dropped: { rejected: 3 } });
  });
});
