import { describe, expect, it } from 'vitest';
import { expectBalanced, openClient } from './client.fixture';

const NAMESPACE = 'artel-telemetry:billiards:https://app.test/api/metrics';
type Client = ReturnType<typeof openClient>;

/** Writes records into the database as a stranger may. */
async function plant({ indexedDB }: Client, records: Readonly<Record<string, unknown>>): Promise<void> {
  const open = indexedDB.open(NAMESPACE);
  open.onupgradeneeded = () => open.result.createObjectStore('batches');
  await new Promise((resolve) => {
    open.onsuccess = resolve;
  });
  const transaction = open.result.transaction('batches', 'readwrite');
  for (const [key, value] of Object.entries(records)) transaction.objectStore('batches').put(value, key);
  await new Promise((resolve) => {
    transaction.oncomplete = resolve;
  });
  open.result.close();
}

/** The keys of what is in the database. */
async function keys({ indexedDB }: Client): Promise<readonly IDBValidKey[]> {
  const open = indexedDB.open(NAMESPACE);
  await new Promise((resolve) => {
    open.onsuccess = resolve;
  });
  const request = open.result.transaction('batches').objectStore('batches').getAllKeys();
  await new Promise((resolve) => {
    request.onsuccess = resolve;
  });
  open.result.close();
  return request.result;
}

const entry = (facts: object = {}) => ({
  producer: 'dead',
  seq: 1,
  body: '{"metrics":[{"name":"planted_total"}],"producer":"dead","seq":1}',
  bytes: 64,
  events: 1,
  counts: [[1], [], []],
  priority: 1,
  at: 1_800_000_000_000,
  waited: 0,
  ...facts,
});

describe('the database', () => {
  it.each(['fails', 'hangs'] as const)(
    'that %s leaves events in localStorage, for the next page',
    async (how) => {
      const { gateway, device, page, telemetry, open } = openClient();
      gateway.outage = 'unreachable';
      await page.advance(1_000);
      device.database = how;
      for (let i = 0; i < 10; i++) telemetry.trackUserAction('tap');
      await page.advance(2_500);
      page.kill();
      gateway.outage = undefined;
      const next = open();
      await next.page.advance(20_000);
      expect(gateway.total('user_action_total')).toBe(10);
      expect(next.telemetry.stats().storage).toBe('localstorage');
    },
  );

  it.each(['fails', 'hangs'] as const)(
    'that %s for a while is used again, and takes what has waited',
    async (how) => {
      const { gateway, device, page, telemetry, open } = openClient();
      gateway.outage = 'unreachable';
      device.database = how;
      telemetry.trackUserAction('during');
      await page.advance(7_000);
      expect(telemetry.stats().storage).toBe('localstorage');
      device.database = 'works';
      await page.advance(6_000);
      telemetry.trackUserAction('after');
      await page.advance(6_000);
      expect(telemetry.stats().storage).toBe('indexeddb');
      expect(Object.keys(device.localStorage)).toEqual([]);
      page.kill();
      gateway.outage = undefined;
      await open().page.advance(6_000);
      expect(gateway.total('user_action_total')).toBe(2);
    },
  );

  it.each(['fails', 'hangs'] as const)(
    'that %s while a page starts gives up what earlier pages left in it once it works again',
    async (how) => {
      const { gateway, device, page, telemetry, open } = openClient();
      gateway.outage = 'unreachable';
      telemetry.trackUserAction('earlier');
      await page.advance(6_000);
      page.kill();
      gateway.outage = undefined;
      device.database = how;
      const next = open();
      await next.page.advance(10_000);
      expect(gateway.total('user_action_total')).toBe(0);
      device.database = 'works';
      await next.page.advance(60_000);
      expect(gateway.total('user_action_total')).toBe(1);
      expect(next.telemetry.stats()).toMatchObject({ adopted: 1, acknowledged: 1, pending: 0 });
    },
  );

  it('that hangs loses nothing of three full windows, before anybody can know that it hangs', async () => {
    const { gateway, device, page, telemetry, open } = openClient();
    gateway.outage = 'unreachable';
    device.database = 'hangs';
    for (let i = 0; i < 300; i++) telemetry.trackUserAction(`tap_${i}`, { note: 'x'.repeat(200) });
    await page.advance(300);
    page.kill();
    gateway.outage = undefined;
    device.database = 'works';
    await open().page.advance(10_000);
    expect(gateway.total('user_action_total')).toBe(300);
  });

  it('without its table is replaced', async () => {
    const client = openClient();
    client.page.kill();
    const request = client.indexedDB.open(NAMESPACE);
    await new Promise((resolve) => {
      request.onsuccess = resolve;
    });
    request.result.close();
    const { page, telemetry } = client.open();
    telemetry.trackUserAction('tap');
    await page.advance(1_000);
    expect(telemetry.stats().storage).toBe('indexeddb');
    expect(await keys(client)).toHaveLength(1);
  });

  it('that is missing is named in one warning, and costs nothing', async () => {
    const { gateway, page, telemetry } = openClient({}, { indexedDB: undefined });
    for (let i = 0; i < 3; i++) {
      telemetry.trackUserAction('tap');
      await page.advance(6_000);
    }
    expect(page.warnings).toEqual([expect.stringContaining('IndexedDB does not work')]);
    expect(gateway.total('user_action_total')).toBe(3);
  });
});

describe('localStorage', () => {
  it.each(['full', 'blocked'] as const)(
    'that is %s costs nothing while the database works',
    async (quota) => {
      const { gateway, device, page, telemetry, open } = openClient();
      device.quota = quota;
      gateway.outage = 'unreachable';
      telemetry.trackUserAction('tap');
      await page.advance(1_000);
      page.hide();
      page.kill();
      gateway.outage = undefined;
      const next = open();
      await next.page.advance(6_000);
      expect(gateway.total('user_action_total')).toBe(1);
      expect(next.telemetry.stats().storage).toBe('indexeddb');
    },
  );

  it.each(['full', 'blocked'] as const)(
    'that is %s beside a broken database leaves the page its memory',
    async (quota) => {
      const { gateway, device, page, telemetry } = openClient({}, { indexedDB: undefined });
      device.quota = quota;
      telemetry.trackUserAction('tap');
      await page.advance(1_000);
      page.hide();
      expect(telemetry.stats().storage).toBe('memory');
      await page.advance(6_000);
      expect(gateway.total('user_action_total')).toBe(1);
      expect(telemetry.stats()).toMatchObject({ acknowledged: 1, pending: 0 });
    },
  );
});

describe('a record that an earlier page, or a stranger, has left', () => {
  it.each([
    ['with a truncated body', { 'dead.1': entry({ body: '{"metrics":[{"name":"pla' }) }],
    ['with no body', { 'dead.1': entry({ body: undefined }) }],
    ['with a number that is none', { 'dead.1': entry({ events: Number.NaN }) }],
    ['with a negative number', { 'dead.1': entry({ events: -3 }) }],
    ['with a broken count', { 'dead.1': entry({ events: 1.5 }) }],
    ['with a size that would fill the outbox', { 'dead.1': entry({ bytes: 1e15 }) }],
    ['that is a text', { 'dead.1': 'hello' }],
    ['that is null', { 'dead.1': null }],
    ['under a key of its own', { hello: entry() }],
    ['under the key of another', { 'other.7': entry() }],
  ])('%s costs nothing but itself', async (_what, records) => {
    const client = openClient();
    client.page.kill();
    await plant(client, { ...records, 'dead.2': entry({ seq: 2, body: entry().body.replace('1}', '2}') }) });
    const { page, telemetry } = client.open();
    telemetry.trackUserAction('tap');
    await page.advance(60_000);
    expect(client.gateway.total('planted_total')).toBe(1);
    expect(client.gateway.total('user_action_total')).toBe(1);
    const { pending, dropped } = telemetry.stats();
    expect(pending).toBe(0);
    expect(Object.values(dropped)).toEqual([1]);
    expectBalanced(telemetry);
    expect(await keys(client)).toEqual([]);
  });

  it.each([
    ['no counts', { counts: null }],
    ['negative counts', { counts: [[-5, 1]] }],
    ['drops that are no numbers', { drops: { invalid: 'many' } }],
    ['a wait that is no number', { waited: 'long' }],
  ])('with %s neither blocks the queue nor unbalances the books', async (_what, facts) => {
    const client = openClient();
    client.page.kill();
    const body = '{"metrics":[{"name":"no name"},{"name":"planted_total"}],"producer":"dead","seq":1}';
    await plant(client, { 'dead.1': entry({ body, bytes: body.length, events: 2, ...facts }) });
    const { page, telemetry } = client.open();
    telemetry.trackUserAction('tap');
    await page.advance(60_000);
    telemetry.trackUserAction('later');
    await page.advance(60_000);
    expect(client.gateway.total('user_action_total')).toBe(2);
    expect(telemetry.stats().pending).toBe(0);
    expectBalanced(telemetry);
  });

  it('in localStorage, and truncated, is erased', async () => {
    const { gateway, device, page, open } = openClient();
    page.kill();
    device.localStorage.setItem(`${NAMESPACE}:dead`, '[{"producer":"dead","seq":1,"bo');
    const next = open();
    next.telemetry.trackUserAction('tap');
    await next.page.advance(60_000);
    expect(gateway.total('user_action_total')).toBe(1);
    expect(Object.keys(device.localStorage)).toEqual([]);
  });
});
