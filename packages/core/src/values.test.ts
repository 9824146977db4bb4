import { afterEach, describe, expect, it } from 'vitest';
import { expectBalanced, openClient } from './client.fixture';
import type { Metadata } from './telemetry';

/** A value as JavaScript may pass it. */
const odd = <T>(value: unknown) => value as T;

const bare: unknown = Object.create(null);

const hostile = new Proxy(
  {},
  {
    ownKeys() {
      throw new Error('hostile');
    },
    get() {
      throw new Error('hostile');
    },
  },
);

describe('an amount that is no number', () => {
  it.each([
    '5',
    '',
    5n,
    null,
    true,
    {},
    [5],
    bare,
    Symbol('5'),
    Number.NaN,
    Number.POSITIVE_INFINITY,
    -1,
    new Date(),
  ])('costs its own event and nothing else: %#', async (amount) => {
    const { gateway, page, telemetry } = openClient();
    for (let i = 0; i < 41; i++) telemetry.trackUserAction('tap');
    telemetry.count('coins_total', {}, 2);
    telemetry.count('coins_total', {}, odd(amount));
    telemetry.observe('aim_ms', odd(amount));
    telemetry.trackPageLoad('/lobby', odd(amount));
    telemetry.trackApiCall('/api', 'GET', odd(amount), 200);
    expect(telemetry.stats().dropped).toEqual({ invalid: 4 });
    await telemetry.flush();
    expect(gateway.total('user_action_total')).toBe(41);
    expect(gateway.batches[0]?.metrics.map((point) => point.name)).toEqual([
      'user_action_total',
      'coins_total',
    ]);
    expect(gateway.total('coins_total')).toBe(2);
    expect(telemetry.stats()).toMatchObject({ emitted: 46, acknowledged: 42, pending: 0 });
    expectBalanced(telemetry);
    await page.advance(1);
  });
});

describe('a value that is no text', () => {
  it.each([undefined, null, 7, 5n, {}, [], bare, hostile, Symbol('s'), () => {}])(
    'throws in no method, and costs at most its own event: %#',
    async (value) => {
      const { gateway, page, telemetry } = openClient();
      telemetry.trackUserAction('tap');
      telemetry.trackUserAction(odd(value));
      telemetry.trackUserAction('meta', odd(value));
      telemetry.trackPageLoad(odd(value), 1);
      telemetry.trackApiCall(odd(value), odd(value), 1, odd(value));
      telemetry.trackGameEvent(odd(value), odd(value), odd(value));
      telemetry.trackError(value, odd(value));
      telemetry.trackError(new Error('x'), { value });
      telemetry.count(odd(value));
      telemetry.count('coins_total', odd(value));
      telemetry.count('coins_total', { value });
      telemetry.observe('aim_ms', 1, odd(value));
      telemetry.log.info(odd(value), odd(value));
      telemetry.log.error('x', { value });
      telemetry
        .startSpan(odd(value), odd(value))
        .setAttribute(odd(value), value)
        .setAttribute('value', value)
        .end(odd(value));
      telemetry.setUser(odd(value));
      telemetry.setPage(odd(value));
      telemetry.trackUserAction('tap');
      expectBalanced(telemetry);
      await telemetry.flush();
      await page.advance(60_000);
      expect(gateway.total('user_action_total', { action: 'tap' })).toBe(2);
      expect(gateway.total('coins_total')).toBeGreaterThan(0);
      expect(telemetry.stats().pending).toBe(0);
      expectBalanced(telemetry);
    },
  );

  it('ends a span without a readable name, and does not throw', async () => {
    const { telemetry } = openClient();
    telemetry.startSpan(odd(bare)).end();
    expect(telemetry.stats().dropped).toEqual({ invalid: 1 });
    await telemetry.flush();
    expectBalanced(telemetry);
  });
});

describe('an old library', () => {
  afterEach(() => {
    for (const prototype of [Array.prototype, Object.prototype]) Reflect.deleteProperty(prototype, 'toJSON');
  });

  it.each([
    ['Array', Array.prototype],
    ['Object', Object.prototype],
  ])('that adds toJSON to %s.prototype changes nothing that is sent', async (_, prototype) => {
    const { gateway, page, telemetry } = openClient();
    Reflect.set(prototype, 'toJSON', function (this: unknown) {
      return `"${String(this)}"`;
    });
    telemetry.observe('aim_ms', 1);
    telemetry.observe('aim_ms', 2);
    telemetry.count('coins_total', {}, odd('5'));
    telemetry.log.info('shot', { list: [1, 2], nested: { a: 1 } });
    await page.advance(6_000);
    // What was dropped is reported by the next batch.
    telemetry.trackUserAction('tap');
    await page.advance(6_000);
    Reflect.deleteProperty(prototype, 'toJSON');
    expect(gateway.batches[0]?.metrics[0]?.values).toEqual([1, 2]);
    expect(gateway.batches[0]?.logs?.[0]?.fields).toMatchObject({ list: '[1,2]', nested: '{"a":1}' });
    expect(gateway.batches.map((batch) => batch.dropped).filter(Boolean)).toEqual([{ invalid: 1 }]);
    expect(telemetry.stats()).toMatchObject({ acknowledged: 4, dropped: { invalid: 1 }, pending: 0 });
    expectBalanced(telemetry);
  });
});

describe('many errors', () => {
  it('give each new one its line, however many were before', async () => {
    const { gateway, page, telemetry } = openClient();
    for (let i = 0; i < 250; i++) {
      telemetry.trackError(new Error(`broken ${i}`));
      if (i % 50 === 49) await page.advance(600);
    }
    const lines = gateway.batches.flatMap((batch) => batch.logs ?? []);
    expect(lines.map((line) => line.message)).toContain('Error: broken 249');
    expect(lines).toHaveLength(250);
  });

  it('with messages of a megabyte are delivered in short', async () => {
    const { gateway, page, telemetry } = openClient();
    for (let i = 0; i < 20; i++) telemetry.trackError(new Error(`${i} ${'x'.repeat(1_000_000)}`));
    await page.advance(5_000);
    expect(gateway.total('frontend_error_total')).toBe(20);
    const lengths = gateway.batches.flatMap((batch) => batch.logs ?? []).map((line) => line.message.length);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(8_192);
    expectBalanced(telemetry);
  });
});

describe('metadata', () => {
  it.each(['page', 'action', 'platform', '__proto__', 'constructor'])(
    'named %s stays on the line and out of the labels',
    async (name) => {
      const { gateway, page, telemetry } = openClient();
      const metadata: Metadata = JSON.parse(`{"${name}":3,"other":1}`);
      telemetry.trackUserAction('list_scrolled', metadata);
      await page.advance(6_000);
      const [batch] = gateway.batches;
      expect(batch?.metrics[0]?.labels).toEqual({ action: 'list_scrolled', page: '/lobby' });
      expect(batch?.logs?.[0]?.fields).toMatchObject({
        other: 1,
        // The line says what was counted.
        action: 'list_scrolled',
        ...(name === 'page' && { page: 3 }),
      });
    },
  );

  it('of an error changes neither its type nor the page it is counted for', async () => {
    const { gateway, page, telemetry } = openClient();
    telemetry.trackError(new TypeError('x'), { error_type: 'Mine', page: 'mine', stack: 'mine' });
    await page.advance(600);
    const [batch] = gateway.batches;
    expect(batch?.metrics[0]?.labels).toEqual({ error_type: 'TypeError', page: '/lobby' });
    expect(batch?.logs?.[0]?.fields).toMatchObject({ error_type: 'TypeError', page: 'mine' });
    expect(batch?.logs?.[0]?.fields?.['stack']).toMatch(/^TypeError: x/);
  });
});

describe('users', () => {
  it('sign out with null and an empty text, and are no objects', async () => {
    const { gateway, page, telemetry } = openClient();
    for (const user of ['alice', {}, null, 7, '', true]) {
      telemetry.setUser(odd(user));
      telemetry.trackUserAction('tap');
    }
    await page.advance(60_000);
    expect(new Set(gateway.batches.map((batch) => batch.user))).toEqual(new Set(['alice', undefined, '7']));
    expect(gateway.total('user_action_total')).toBe(6);
    expect(page.warnings).toEqual([expect.stringMatching(/setUser takes a string or a finite number/)]);
  });
});

describe('a long text', () => {
  it('is cut at a code point, wherever it goes', async () => {
    const { gateway, page, telemetry } = openClient();
    for (const length of [126, 127, 254, 255]) {
      const text = `${'x'.repeat(length)}🎱🎱`;
      telemetry.setUser(text);
      telemetry.setPage(text);
      telemetry.trackUserAction(text);
      telemetry.trackApiCall(`/${text}`, 'GET', 1, 200);
      telemetry.count('shots_total', { cue: text });
      telemetry.startSpan(text).end();
      telemetry.log.info(`${'x'.repeat(8_190)}🎱🎱`, { note: `${'x'.repeat(8_190)}🎱🎱` });
      await page.advance(6_000);
    }
    expect(telemetry.stats()).toMatchObject({ acknowledged: 20, pending: 0 });
    // A half of a pair has no UTF-8 and arrives as a replacement character.
    expect(JSON.stringify(gateway.batches)).not.toMatch(/\\ud[89a-f]|�/i);
  });
});

describe('one large span', () => {
  it('does not make a batch that no gateway takes', async () => {
    const { gateway, page, telemetry } = openClient({
      integrations: [
        { name: 'facts', setup: () => ({ context: () => ({ platform: 'ios', odd: odd<string>(5n) }) }) },
      ],
    });
    const attributes = Array.from({ length: 100 }, (_, i) => [`a${i}`, 'ш'.repeat(8_000)]);
    telemetry.trackUserAction('tap');
    telemetry.startSpan('shot', Object.fromEntries(attributes)).end();
    await page.advance(6_000);
    expect(gateway.total('user_action_total')).toBe(1);
    const [span] = gateway.batches.flatMap((batch) => batch.spans ?? []);
    expect(span?.attributes).toMatchObject({ platform: 'ios', odd: '5', a0: 'ш'.repeat(8_000) });
    expect(JSON.stringify(span).length).toBeLessThan(12_000);
    expectBalanced(telemetry);
  });
});
