import { IDBFactory } from 'fake-indexeddb';
import { describe, expect, it, vi } from 'vitest';
import { createFakeDevice, type PageOptions } from './fakeDevice';
import { createFakeGateway } from './fakeGateway';

function setUp(options: PageOptions = {}, seed = 1) {
  const gateway = createFakeGateway();
  const device = createFakeDevice({ gateway, indexedDB: new IDBFactory(), seed });
  return { gateway, device, page: device.openPage(options) };
}

const post = (body: string) => ({ method: 'POST', body, signal: new AbortController().signal });

describe('a page’s time', () => {
  it('passes only when the test says so, and runs what is due in order', async () => {
    const { page } = setUp();
    const { environment } = page;
    const ran: number[] = [];
    const start = environment.Date.now();
    const note = () => ran.push(environment.Date.now() - start);
    environment.setTimeout(note, 20);
    environment.setTimeout(() => {
      note();
      environment.setTimeout(note, 5);
    }, 10);
    environment.clearTimeout(environment.setTimeout(note, 12));
    environment.setTimeout(note, 31);
    expect(ran).toEqual([]);
    await page.advance(30);
    expect(ran).toEqual([10, 15, 20]);
    expect(environment.Date.now() - start).toBe(30);
  });

  it('is shown by a clock that can be wrong, and measured by one that cannot', async () => {
    const { device, page } = setUp();
    const read = () => [page.environment.Date.now(), page.environment.performance.now()] as const;
    const [unix, elapsed] = read();
    device.clockSkew = -1_000;
    await page.advance(100);
    const [unixNow, elapsedNow] = read();
    expect([unixNow - unix, elapsedNow - elapsed]).toEqual([-900, 100]);
  });
});

describe('a page that is killed', () => {
  it('runs no timer and receives no answer', async () => {
    const { page } = setUp();
    const run = vi.fn();
    page.environment.setTimeout(run, 1);
    page.environment.fetch('/api/metrics', post('{"metrics":[]}')).then(run, run);
    page.kill();
    await page.advance(100);
    expect(run).not.toHaveBeenCalled();
  });

  it('leaves its lock, its records and its storage to the next', async () => {
    const { device, page } = setUp();
    const next = device.openPage();
    const ask = (from: typeof page) => {
      const got = vi.fn(() => new Promise(() => {}));
      void from.environment.navigator.locks.request('a', { ifAvailable: true }, got);
      return got;
    };
    page.environment.localStorage.setItem('k', 'v');
    const [first, second] = [ask(page), ask(next)];
    await page.advance(1);
    expect([first.mock.lastCall, second.mock.lastCall]).toEqual([[{ name: 'a' }], [null]]);
    page.kill();
    const third = ask(next);
    await next.advance(1);
    expect(third.mock.lastCall).toEqual([{ name: 'a' }]);
    expect(Object.keys(next.environment.localStorage)).toEqual(['k']);
    expect(Object.keys(next.environment.sessionStorage)).toEqual([]);
  });
});

describe('a page', () => {
  it('hides as in a browser', () => {
    const { page } = setUp();
    const seen: string[] = [];
    page.document.addEventListener('visibilitychange', () =>
      seen.push(page.document.hidden ? 'hidden' : 'visible'),
    );
    page.window.addEventListener('pagehide', () => seen.push('pagehide'));
    page.hide();
    expect(seen).toEqual(['hidden', 'pagehide']);
  });

  it('lacks what its browser lacks', async () => {
    const { page } = setUp({ indexedDB: undefined, locks: false, beacon: false });
    const { indexedDB, navigator } = page.environment;
    expect([indexedDB, navigator.locks, navigator.sendBeacon]).toEqual([undefined, undefined, undefined]);
    const hanging = setUp({ locks: 'hang' }).page;
    const got = vi.fn();
    hanging.environment.navigator.locks.request('a', got).then(got, got);
    await hanging.advance(60_000);
    expect(got).not.toHaveBeenCalled();
  });

  it('reaches the gateway by fetch and by beacon', async () => {
    const { gateway, page } = setUp();
    const answer = await page.environment.fetch('/api/metrics', post('{"metrics":[{"name":"a_total"}]}'));
    expect(answer.status).toBe(202);
    expect(page.environment.navigator.sendBeacon('/api/metrics', '{"metrics":[{"name":"b_total"}]}')).toBe(
      true,
    );
    await page.advance(1);
    expect([gateway.total('a_total'), gateway.total('b_total')]).toEqual([1, 1]);
  });

  it('is random in the same way for the same seed', () => {
    const draw = (seed: number) => {
      const { environment } = setUp({}, seed).page;
      return [environment.Math.random(), ...environment.crypto.getRandomValues(new Uint8Array(4))];
    };
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });
});

describe('a device', () => {
  it.each([
    ['works', 'success'],
    ['fails', 'throws'],
    ['hangs', 'nothing'],
  ] as const)('whose database %s: %s', async (database, outcome) => {
    const { device, page } = setUp();
    device.database = database;
    let seen = 'nothing';
    try {
      page.environment.indexedDB.open('a').onsuccess = () => {
        seen = 'success';
      };
    } catch {
      seen = 'throws';
    }
    await page.advance(10_000);
    expect(seen).toBe(outcome);
  });

  it('whose localStorage is full or blocked says so as browsers do', () => {
    const { device, page } = setUp();
    const write = () => page.environment.localStorage.setItem('k', 'v');
    device.quota = 'full';
    expect(write).toThrow(expect.objectContaining({ name: 'QuotaExceededError' }));
    device.quota = 'blocked';
    expect(write).toThrow(expect.objectContaining({ name: 'SecurityError' }));
    device.quota = 'works';
    expect(write).not.toThrow();
    expect(device.localStorage.getItem('k')).toBe('v');
  });
});
