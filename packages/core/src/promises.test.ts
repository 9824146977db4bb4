import { describe, expect, it } from 'vitest';
import { expectBalanced, openClient } from './client.fixture';
import type { AskToken } from './telemetry';

const never = () => new Promise<never>(() => undefined);

describe('a source of tokens', () => {
  it.each([
    ['throws', () => JSON.parse('{')],
    ['rejects', () => Promise.reject(new Error('signed out'))],
    ['returns a number', () => 5],
    ['returns null', () => null],
    ['returns an object without a token', async () => ({})],
    ['returns a token that is no text', async () => ({ token: { id: 1 } })],
    ['returns a token that JSON does not know', async () => ({ token: 5n })],
    ['returns a token of a megabyte', async () => 'x'.repeat(1_000_000)],
    ['returns a subject that is no text', async () => ({ token: 't', subject: 7n })],
    ['returns an endless subject', async () => ({ token: 't', subject: 'x'.repeat(9_999) })],
  ])('that %s costs no event', async (_what, token) => {
    const { gateway, page, telemetry } = openClient({ token: token as AskToken });
    telemetry.trackUserAction('first');
    await page.advance(6_000);
    telemetry.trackUserAction('second');
    await expect(Promise.all([telemetry.flush(), page.advance(6_000)])).resolves.toBeDefined();
    expect(gateway.total('user_action_total')).toBe(2);
    expect(telemetry.stats()).toMatchObject({ acknowledged: 2, pending: 0, dropped: {} });
  });

  it('is asked again after it has failed, and its token goes with the next batch', async () => {
    let signedIn = false;
    const token = () => {
      if (!signedIn) throw new TypeError("Cannot read properties of null (reading 'getIdToken')");
      return Promise.resolve('token');
    };
    const { gateway, page, telemetry } = openClient({ token });
    telemetry.trackUserAction('before');
    await page.advance(6_000);
    signedIn = true;
    telemetry.trackUserAction('after');
    await page.advance(6_000);
    expect(gateway.batches.map((batch) => batch.token)).toEqual([undefined, 'token']);
  });

  it('is asked once for a token whose end is no number', async () => {
    let asked = 0;
    const token = async () => ({
      token: 'token',
      expiresAt: 'tomorrow' as unknown as number,
      asked: asked++,
    });
    const { gateway, page, telemetry } = openClient({ token });
    for (const action of ['first', 'second']) {
      telemetry.trackUserAction(action);
      await page.advance(6_000);
    }
    expect(gateway.batches.map((batch) => batch.token)).toEqual(['token', 'token']);
    expect(asked).toBe(1);
  });

  it('that never answers is waited for once, not for each batch', async () => {
    const { gateway, page, telemetry } = openClient({ token: never });
    for (let i = 0; i < 6; i++) {
      telemetry.trackUserAction(`tap_${i}`);
      void telemetry.flush();
    }
    await page.advance(5_100);
    expect(gateway.total('user_action_total')).toBe(6);
    expectBalanced(telemetry);
  });
});

describe('the lock manager', () => {
  it('that never answers keeps no tap from the device for long', async () => {
    const { gateway, device, page, telemetry, open } = openClient({}, { locks: 'hang' });
    gateway.outage = 'unreachable';
    await page.advance(1_500);
    telemetry.trackUserAction('tap');
    await page.advance(250);
    page.kill();
    gateway.outage = undefined;
    device.clockSkew = 120_000;
    const next = open();
    await next.page.advance(10_000);
    expect(gateway.total('user_action_total')).toBe(1);
  });

  it.each([
    ['throws', () => JSON.parse('{')],
    ['rejects', () => Promise.reject(new DOMException('no', 'InvalidStateError'))],
  ])('that %s stops nothing', async (_what, request) => {
    const { gateway, open } = openClient();
    const { page, telemetry } = open();
    Object.assign(page.environment.navigator, { locks: { request } });
    telemetry.trackUserAction('tap');
    await page.advance(10_000);
    expect(gateway.total('user_action_total')).toBe(1);
    expect(telemetry.stats()).toMatchObject({ acknowledged: 1, pending: 0 });
  });
});
