import { IDBFactory } from 'fake-indexeddb';
import { describe, expect, it, vi } from 'vitest';
import { createTelemetry } from './createTelemetry';
import { createFakeDevice } from './testing/fakeDevice';
import { createFakeGateway } from './testing/fakeGateway';

vi.mock('./later', () => {
  throw new TypeError('Failed to fetch dynamically imported module');
});

function openWithout() {
  const gateway = createFakeGateway();
  const device = createFakeDevice({ gateway, indexedDB: new IDBFactory() });
  const open = () => {
    const page = device.openPage();
    const telemetry = createTelemetry({
      endpoint: '/api/metrics',
      app: 'billiards',
      environment: page.environment,
    });
    return { page, telemetry };
  };
  return { gateway, device, open, ...open() };
}

/** Opens a page to which the chunk does arrive. */
async function openWhole({ device }: ReturnType<typeof openWithout>) {
  vi.doUnmock('./later');
  vi.resetModules();
  const whole = await import('./createTelemetry');
  await import('./later');
  const page = device.openPage();
  whole.createTelemetry({ endpoint: '/api/metrics', app: 'billiards', environment: page.environment });
  return page;
}

describe('a page that the later chunk never reaches', () => {
  it('sends what it has recorded by beacon as it hides', async () => {
    const { gateway, page, telemetry } = openWithout();
    telemetry.trackUserAction('tap');
    await page.advance(60_000);
    expect(gateway.requests).toBe(0);
    page.hide();
    await page.advance(10);
    expect(gateway.total('user_action_total')).toBe(1);
  });

  it('lets nothing leave that may be private', async () => {
    const { gateway, device, page, telemetry } = openWithout();
    telemetry.setUser('+7 900 123-45-67');
    telemetry.log.warn('call +7 900 123-45-67', { mail: 'ann@example.org', 'card 4111 1111 1111 1111': 1 });
    telemetry.trackUserAction('token=abcdef');
    telemetry.startSpan('ann@example.org').end();
    await page.advance(1_000);
    const stored = String(Object.keys(device.localStorage).map((key) => device.localStorage.getItem(key)));
    page.hide();
    await page.advance(10);
    expect(gateway.batches).toHaveLength(1);
    const sent = JSON.stringify(gateway.batches);
    for (const text of [stored, sent]) {
      expect(text).toContain('[Filtered]');
      expect(text).not.toMatch(/900 123|example\.org|4111|abcdef/);
    }
  });

  it('flushes, closes and shuts down without a rejection', async () => {
    const { page, telemetry } = openWithout();
    telemetry.trackUserAction('tap');
    const all = Promise.all([telemetry.flush(), telemetry.flushAndClose(), telemetry.shutdown()]);
    await page.advance(1_000);
    await expect(all).resolves.toBeDefined();
    expect(telemetry.stats()).toMatchObject({ emitted: 1, pending: 1, dropped: {} });
  });

  it('leaves in localStorage what the next page with the chunk delivers', async () => {
    const client = openWithout();
    client.telemetry.trackUserAction('first');
    await client.page.advance(6_000);
    client.telemetry.trackUserAction('second');
    await client.page.advance(250);
    client.page.kill();
    const page = await openWhole(client);
    // The import itself takes real time.
    await vi.waitFor(async () => {
      await page.advance(6_000);
      expect(client.gateway.total('user_action_total')).toBe(2);
    });
    expect(Object.keys(client.device.localStorage)).toEqual([]);
  });
});
