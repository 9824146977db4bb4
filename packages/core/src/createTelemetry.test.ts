import { describe, expect, it } from 'vitest';
import { expectBalanced, openClient } from './client.fixture';
import { createTelemetry } from './createTelemetry';

describe('the way of an event', () => {
  it('merges a thousand taps of one series into one point of one batch', async () => {
    const { gateway, page, telemetry } = openClient();
    for (let i = 0; i < 1_000; i++) telemetry.trackUserAction('ball_clicked');
    await page.advance(6_000);
    expect(gateway.batches).toHaveLength(1);
    expect(gateway.batches[0]?.metrics).toEqual([
      expect.objectContaining({
        name: 'user_action_total',
        labels: { action: 'ball_clicked', page: '/lobby' },
        value: 1_000,
      }),
    ]);
    expect(telemetry.stats()).toMatchObject({ emitted: 1_000, acknowledged: 1_000, pending: 0 });
  });

  it('keeps labels off the catalogue out of the series and on the log line', async () => {
    const { gateway, page, telemetry } = openClient();
    telemetry.trackUserAction('ball_clicked', { ball_id: 7, session_id: 's1', nested: { token: 'x' } });
    telemetry.trackGameEvent('ball_potted', 'kolkhoz', 's1');
    await page.advance(6_000);
    const [batch] = gateway.batches;
    expect(batch?.metrics.map((point) => point.labels)).toEqual([
      { action: 'ball_clicked', page: '/lobby' },
      { event_type: 'ball_potted', game_type: 'kolkhoz' },
    ]);
    expect(batch?.logs?.[0]?.fields).toMatchObject({
      ball_id: 7,
      session_id: 's1',
      nested: '{"token":"[Filtered]"}',
    });
    expect(batch?.logs?.[1]).toMatchObject({ category: 'game_event', fields: { session_id: 's1' } });
  });

  it('scrubs and shortens the name of a page, which no gateway would take otherwise', async () => {
    const { gateway, page, telemetry } = openClient();
    telemetry.setPage(`https://app.test/game?token=secret#tgWebAppData=${'x'.repeat(2_000)}`);
    telemetry.trackUserAction('a');
    await page.advance(6_000);
    telemetry.setPage(Symbol('s') as unknown as string);
    telemetry.trackUserAction('b');
    await page.advance(6_000);
    expect(gateway.batches.map((batch) => batch.page)).toEqual(['https://app.test/game', 'Symbol(s)']);
  });

  it('collects timings of one series into values', async () => {
    const { gateway, page, telemetry } = openClient();
    telemetry.trackApiCall('/api/sessions/42?x=1', 'post', 12, 201);
    telemetry.trackApiCall('https://host/api/sessions/43', 'POST', 30, 201);
    await page.advance(6_000);
    expect(gateway.batches[0]?.metrics).toEqual([
      expect.objectContaining({
        labels: { endpoint: '/api/sessions/:id', method: 'POST', status_code: '201' },
        values: [12, 30],
      }),
    ]);
  });

  it('seals half a second after an urgent event', async () => {
    const { gateway, page, telemetry } = openClient();
    telemetry.trackUserAction('a');
    telemetry.trackError(new Error('broken'));
    await page.advance(600);
    expect(gateway.total('frontend_error_total', { error_type: 'Error' })).toBe(1);
    expect(gateway.total('user_action_total')).toBe(1);
  });

  it('counts one error object once, however often it is reported', async () => {
    const { gateway, page, telemetry } = openClient();
    const error = new TypeError('x is not a function');
    telemetry.trackError(error);
    telemetry.trackError(error);
    await page.advance(600);
    expect(gateway.total('frontend_error_total')).toBe(1);
  });

  it('takes metrics that nobody defined', async () => {
    const { gateway, page, telemetry } = openClient();
    telemetry.count('shots_total', { cue: 'ash' }, 3);
    telemetry.observe('shot_power', 0.7);
    await page.advance(6_000);
    expect(gateway.total('shots_total', { cue: 'ash' })).toBe(3);
    expect(gateway.total('shot_power')).toBe(1);
  });

  it('drops and counts what can never be delivered, and says so once', async () => {
    const { gateway, page, telemetry } = openClient();
    const hostile = {
      get bad(): string {
        throw new Error('no');
      },
    };
    telemetry.count('bad name');
    telemetry.count('ok_total', {}, Number.NaN);
    telemetry.count('odd_total', hostile);
    telemetry.observe('x_ms', -1);
    telemetry.count('good_total', { n: 10n, s: 'é'.repeat(5_000) });
    await page.advance(6_000);
    // The gateway knows which names Prometheus takes, and refuses this one alone.
    expect(telemetry.stats().dropped).toEqual({ invalid: 2, rejected: 1 });
    expect(gateway.total('good_total')).toBe(1);
    expect(gateway.total('odd_total', { bad: '[unreadable]' })).toBe(1);
    expect(page.warnings).toHaveLength(1);
    expectBalanced(telemetry);
    telemetry.count('later_total');
    await page.advance(6_000);
    expect(gateway.batches.map((batch) => batch.dropped).filter(Boolean)).toEqual([
      { invalid: 2 },
      { rejected: 1 },
    ]);
  });
});

describe('delivery', () => {
  it('keeps a batch through 503s and sends it until it is acknowledged', async () => {
    const { gateway, page, telemetry } = openClient();
    gateway.faults.push({ status: 503 }, { status: 503, retryAfter: '2' }, 'unreachable');
    telemetry.trackUserAction('tap');
    await page.advance(60_000);
    expect(gateway.total('user_action_total')).toBe(1);
    expect(gateway.requests).toBe(4);
    expect(telemetry.stats()).toMatchObject({ acknowledged: 1, pending: 0 });
  });

  it('counts once what was counted before the answer was lost', async () => {
    const { gateway, page, telemetry } = openClient();
    gateway.faults.push('lost answer', 'lost answer');
    telemetry.trackUserAction('tap');
    await page.advance(60_000);
    expect(gateway.total('user_action_total')).toBe(1);
    expect(gateway.duplicates).toBe(2);
  });

  it('loses nothing when the process is killed without a word a quarter of a second after the tap', async () => {
    const { gateway, page, telemetry, open } = openClient();
    gateway.outage = 'unreachable';
    for (let i = 0; i < 50; i++) telemetry.trackUserAction('tap');
    await page.advance(250);
    page.kill();
    gateway.outage = undefined;
    const next = open();
    await next.page.advance(1_000);
    expect(gateway.total('user_action_total')).toBe(50);
    expect(next.telemetry.stats()).toMatchObject({ adopted: 50, emitted: 50, acknowledged: 50 });
  });

  it('writes at once what is tracked in a hidden page, whose timers are slow', async () => {
    const { gateway, page, telemetry, open } = openClient();
    await page.advance(300);
    page.document.hidden = true;
    page.document.dispatchEvent(new Event('visibilitychange'));
    gateway.outage = 'unreachable';
    telemetry.trackUserAction('hidden');
    await page.advance(1);
    page.kill();
    gateway.outage = undefined;
    const next = open();
    await next.page.advance(1_000);
    expect(gateway.total('user_action_total', { action: 'hidden' })).toBe(1);
  });

  it('waits for its lock in a page that was hidden from the start', async () => {
    const { gateway, page, telemetry } = openClient();
    page.document.hidden = true;
    telemetry.trackUserAction('hidden');
    await page.advance(6_000);
    expect(gateway.total('user_action_total', { action: 'hidden' })).toBe(1);
  });

  it('sends a beacon from a page that hides, and counts once when the next page sends the same', async () => {
    const { gateway, page, telemetry, open } = openClient();
    telemetry.trackUserAction('last');
    page.hide();
    page.kill();
    const next = open();
    await next.page.advance(6_000);
    expect(gateway.total('user_action_total')).toBe(1);
    expect(gateway.duplicates).toBe(1);
  });

  it('loses nothing from a page that hides while everything is out of reach', async () => {
    const { gateway, device, page, telemetry, open } = openClient({}, { indexedDB: undefined });
    gateway.outage = 'unreachable';
    telemetry.trackUserAction('last');
    page.hide();
    page.kill();
    expect(Object.keys(device.localStorage)).toHaveLength(1);
    gateway.outage = undefined;
    const next = open();
    await next.page.advance(6_000);
    expect(gateway.total('user_action_total')).toBe(1);
    expect(Object.keys(device.localStorage)).toHaveLength(0);
  });

  it('leaves the records of a page that lives alone', async () => {
    const { gateway, page, telemetry, open } = openClient();
    gateway.outage = 'unreachable';
    telemetry.trackUserAction('mine');
    await page.advance(300);
    const other = open();
    await other.page.advance(300);
    expect(other.telemetry.stats().adopted).toBe(0);
    gateway.outage = undefined;
    await page.advance(60_000);
    expect(gateway.total('user_action_total')).toBe(1);
    expect(gateway.duplicates).toBe(0);
  });

  it('asks once for a new token when the gateway answers 401, and keeps the batch', async () => {
    const tokens = ['stale', 'fresh'];
    const { gateway, page, telemetry } = openClient({ token: async () => tokens.shift() });
    gateway.faults.push({ status: 401 });
    telemetry.trackUserAction('tap');
    await page.advance(5_100);
    expect(gateway.requests).toBe(2);
    expect(gateway.batches[0]).toMatchObject({ token: 'fresh' });
    expect(telemetry.stats()).toMatchObject({ acknowledged: 1, dropped: {} });
  });

  it('waits with the batch while no token is taken, and does not drop it', async () => {
    const { gateway, page, telemetry } = openClient({ token: async () => 'wrong' });
    gateway.faults.push({ status: 401 }, { status: 401 });
    telemetry.trackUserAction('tap');
    await page.advance(5_100);
    expect(telemetry.stats()).toMatchObject({ pending: 1, dropped: {} });
    await page.advance(5_000);
    expect(gateway.total('user_action_total')).toBe(1);
  });

  it('takes over a tab that dies beside it, without locks after its lease has run out', async () => {
    for (const locks of [true, false]) {
      const { gateway, page, telemetry, open } = openClient({}, { locks });
      gateway.outage = 'unreachable';
      telemetry.trackUserAction('tap');
      await page.advance(300);
      const other = open();
      await other.page.advance(1_000);
      expect(other.telemetry.stats().adopted).toBe(0);
      page.kill();
      gateway.outage = undefined;
      await other.page.advance(120_000);
      expect(gateway.total('user_action_total')).toBe(1);
    }
  });

  it('never sends what one user left under another', async () => {
    const { gateway, page, telemetry } = openClient();
    telemetry.setUser('alice');
    telemetry.trackUserAction('hers');
    telemetry.setUser('bob');
    gateway.outage = 'unreachable';
    await page.advance(300);
    gateway.outage = undefined;
    telemetry.trackUserAction('his');
    await page.advance(60_000);
    const byUser = gateway.batches.map((batch) => [batch.user, batch.metrics[0]?.labels?.['action']]);
    for (const [user, action] of byUser) expect(action).toBe(user === 'alice' ? 'hers' : 'his');
    telemetry.setUser('alice');
    await page.advance(60_000);
    expect(gateway.total('user_action_total')).toBe(2);
  });

  it('bounds the outbox and counts what had to go, the least important first', async () => {
    const { gateway, page, telemetry } = openClient({ outbox: { batches: 3 } });
    gateway.outage = 'unreachable';
    telemetry.trackError(new Error('keep me'));
    await page.advance(600);
    for (let i = 0; i < 5; i++) {
      telemetry.trackUserAction(`tap_${i}`);
      await page.advance(5_100);
    }
    expect(telemetry.stats().dropped).toEqual({ overflow: 3 });
    expectBalanced(telemetry);
    gateway.outage = undefined;
    await page.advance(120_000);
    expect(gateway.total('frontend_error_total')).toBe(1);
    expect(gateway.total('user_action_total', { action: 'tap_4' })).toBe(1);
  });

  it('stays within its limits over an hour offline, and the books balance', async () => {
    const { gateway, page, telemetry } = openClient({ outbox: { batches: 50, bytes: 65_536 } });
    gateway.outage = 'unreachable';
    for (let minute = 0; minute < 60; minute++) {
      for (let i = 0; i < 200; i++)
        telemetry.trackUserAction(`action_${minute}_${i}`, { note: 'шар'.repeat(20) });
      telemetry.observe('frame_ms', minute);
      await page.advance(60_000);
      const { outbox } = telemetry.stats();
      expect(outbox.bytes).toBeLessThanOrEqual(65_536);
      expect(outbox.batches).toBeLessThanOrEqual(50);
      expectBalanced(telemetry);
    }
    expect(telemetry.stats().dropped['overflow']).toBeGreaterThan(0);
    gateway.outage = undefined;
    await page.advance(600_000);
    expect(telemetry.stats().pending).toBe(0);
    expectBalanced(telemetry);
  });
});

describe('options', () => {
  it.each([
    [{ endpoint: undefined }, /endpoint must be an http\(s\) URL or a path .* got undefined/],
    [{ app: '' }, /app must be a name/],
    [{ sampleRate: 2 }, /sampleRate must be a number from 0 to 1, got 2/],
    [{ flushInterval: 'soon' }, /flushInterval must be a number/],
    [{ consent: 'maybe' }, /consent must be true, false or 'pending'/],
  ])('names the option that is wrong: %j', (wrong, message) => {
    expect(() => createTelemetry({ endpoint: '/m', app: 'a', ...(wrong as object) })).toThrow(message);
  });

  it('does nothing where there is no browser', () => {
    const telemetry = createTelemetry({ endpoint: '/m', app: 'a' });
    telemetry.trackUserAction('x');
    expect(telemetry.stats().emitted).toBe(0);
  });
});
