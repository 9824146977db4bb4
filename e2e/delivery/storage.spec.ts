import type { Page } from '@playwright/test';
import { crash, expect, expectKept, tap, test, UNSENT } from './lab';

/** Taps, sends, and taps again. */
async function live(page: Page) {
  await tap(page, 10);
  await page.evaluate(() => window.telemetry.flush());
  await tap(page, 10);
}

const storage = (page: Page) => page.evaluate(() => window.telemetry.stats().storage);

test('without IndexedDB a living page delivers everything', async ({ lab, page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, 'indexedDB', { value: undefined });
  });
  await page.goto(lab.app);
  await live(page);
  await lab.expectExactly(20, page);
  expect(await storage(page)).toBe('localstorage');
});

test('with an IndexedDB that never opens a living page delivers everything', async ({ lab, page }) => {
  await page.addInitScript(() => {
    // A request whose events are never fired, as WebKit's were: https://bugs.webkit.org/show_bug.cgi?id=226547
    IDBFactory.prototype.open = () => new EventTarget() as IDBOpenDBRequest;
  });
  await page.goto(lab.app);
  await live(page);
  await lab.expectExactly(20, page);
  await expect.poll(() => storage(page)).toBe('localstorage');
});

test('with a full disk a living page delivers everything', async ({ lab, page }) => {
  await page.addInitScript(() => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('the disk is full', 'QuotaExceededError');
    };
  });
  await page.goto(lab.app);
  await live(page);
  await lab.expectExactly(20, page);
  await expect.poll(() => storage(page)).toBe('localstorage');
});

test('a database connection that is closed in mid-life is opened anew', async ({ lab, page }) => {
  await page.addInitScript(() => {
    const connections: IDBDatabase[] = [];
    const { transaction } = IDBDatabase.prototype;
    IDBDatabase.prototype.transaction = function (...args) {
      if (!connections.includes(this)) connections.push(this);
      return transaction.apply(this, args);
    };
    Object.assign(window, {
      closeDatabases: () => {
        for (const connection of connections) connection.close();
        return connections.length;
      },
    });
  });
  await page.goto(lab.app);
  await tap(page, 10);
  await expectKept(page, 10);
  const closed = await page.evaluate(() =>
    (window as typeof window & { closeDatabases(): number }).closeDatabases(),
  );
  expect(closed).toBeGreaterThan(0);
  await live(page);
  await lab.expectExactly(30, page);
  expect(await storage(page)).toBe('indexeddb');
});

/** For `evaluate` and `addInitScript`: every use of the database fails or hangs until `window.findDatabase()` is called. */
function loseDatabase(how: string) {
  const { open } = IDBFactory.prototype;
  const { transaction } = IDBDatabase.prototype;
  // As WebKit does: https://github.com/localForage/localForage/issues/887
  const lost = new DOMException('Connection to Indexed Database server lost', 'UnknownError');
  IDBFactory.prototype.open = () => {
    const request = Object.assign(new EventTarget(), { error: lost }) as IDBOpenDBRequest;
    if (how === 'fails') setTimeout(() => request.onerror?.(new Event('error')));
    return request;
  };
  IDBDatabase.prototype.transaction = () => {
    throw lost;
  };
  Object.assign(window, {
    findDatabase() {
      IDBFactory.prototype.open = open;
      IDBDatabase.prototype.transaction = transaction;
    },
  });
}

/** Finds the database again and taps until the client uses it. Returns how often it has tapped. */
async function tapUntilFound(page: Page): Promise<number> {
  await page.evaluate(() => (window as typeof window & { findDatabase(): void }).findDatabase());
  let taps = 0;
  const used = async () => {
    await tap(page, 1);
    taps++;
    return storage(page);
  };
  await expect.poll(used).toBe('indexeddb');
  return taps;
}

test('taps after the loss of the database outlive the page that is killed', async ({ lab, context }) => {
  const page = await context.newPage();
  await page.goto(lab.app);
  await live(page);
  await lab.expectExactly(20, page);
  lab.server.down = true;
  await page.evaluate(loseDatabase, 'fails');
  await tap(page, 10);
  await expect.poll(() => storage(page)).toBe('localstorage');
  await expect.poll(() => page.evaluate(() => Object.values(localStorage).join())).toContain('"events":10');
  await crash(page);
  lab.server.down = false;

  const next = await context.newPage();
  await next.goto(lab.app);
  await lab.expectExactly(30, next);
  expect(await next.evaluate(() => window.telemetry.stats().adopted)).toBe(10);
});

test('a living page uses a database again that was lost for a while', async ({ lab, page }) => {
  await page.goto(`${lab.app}/${UNSENT}`);
  await tap(page, 10);
  await expectKept(page, 10);
  await page.evaluate(loseDatabase, 'fails');
  const warned = page.waitForEvent('console', (line) => line.type() === 'warning');
  await tap(page, 10);
  expect((await warned).text()).toContain('Connection to Indexed Database server lost');
  expect(await storage(page)).toBe('localstorage');
  const taps = 20 + (await tapUntilFound(page));
  await expectKept(page, taps);
  await page.evaluate(() => window.telemetry.flush());
  await lab.expectExactly(taps, page);
});

test('a database that takes seconds to open is used from then on', async ({ lab, page }) => {
  await page.addInitScript(loseDatabase, 'hangs');
  await page.goto(`${lab.app}/${UNSENT}`);
  await tap(page, 10);
  await expect.poll(() => storage(page)).toBe('localstorage');
  const taps = 10 + (await tapUntilFound(page));
  await expectKept(page, taps);
  await page.evaluate(() => window.telemetry.flush());
  await lab.expectExactly(taps, page);
});

test('a database without its table, as an interrupted upgrade leaves it, is replaced', async ({
  lab,
  page,
}) => {
  await page.goto(`${lab.app}/bare`);
  await page.evaluate(
    (name) =>
      new Promise<void>((resolve) => {
        const request = indexedDB.open(name);
        request.onsuccess = () => {
          request.result.close();
          resolve();
        };
      }),
    `artel-telemetry:delivery:${lab.app}/api/metrics`,
  );
  await page.goto(`${lab.app}/${UNSENT}`);
  await tap(page, 10);
  await expectKept(page, 10);
  await page.evaluate(() => window.telemetry.flush());
  await lab.expectExactly(10, page);
  expect(await storage(page)).toBe('indexeddb');
});

test('where no Web Lock is ever granted or refused, a later page takes over what one has left', async ({
  lab,
  context,
}) => {
  await context.addInitScript(() => {
    // https://github.com/supabase/supabase-js/issues/1594
    Object.defineProperty(navigator, 'locks', { value: { request: () => new Promise(() => undefined) } });
  });
  const page = await context.newPage();
  await page.goto(lab.app);
  lab.server.down = true;
  await tap(page, 10);
  await expectKept(page, 10);
  await page.close();
  lab.server.down = false;

  const next = await context.newPage();
  await next.goto(lab.app);
  await lab.expectExactly(10, next);
  // They may have come by the beacon of the closing page before this one took them over.
  await expect.poll(() => next.evaluate(() => window.telemetry.stats().adopted)).toBe(10);
});

test('an app that deletes every database in mid-life is not held up, and everything is delivered', async ({
  lab,
  page,
}) => {
  await page.goto(lab.app);
  await tap(page, 10);
  await expectKept(page, 10);
  // An open connection that ignores `versionchange` would block this for as long as the page lives.
  const outcome = await page.evaluate(async () => {
    const names = (await indexedDB.databases()).map(({ name = '' }) => name);
    const deleted = names.map(
      (name) =>
        new Promise((resolve) => {
          const request = indexedDB.deleteDatabase(name);
          request.onsuccess = () => resolve('deleted');
          request.onerror = () => resolve('failed');
          setTimeout(() => resolve('blocked'), 60_000);
        }),
    );
    return Promise.all(deleted);
  });
  await live(page);
  await lab.expectExactly(30, page);
  expect(await storage(page)).toBe('indexeddb');
  expect(outcome).toEqual(['deleted']);
});

test('where localStorage is forbidden a living page delivers everything', async ({ lab, page }) => {
  await page.addInitScript(() => {
    for (const name of ['localStorage', 'sessionStorage']) {
      Object.defineProperty(window, name, {
        get() {
          throw new DOMException('the operation is insecure', 'SecurityError');
        },
      });
    }
  });
  await page.goto(lab.app);
  await live(page);
  await lab.expectExactly(20, page);
  expect(await storage(page)).toBe('indexeddb');
});

test('where nothing at all can be kept a page that closes still delivers', async ({ lab, context }) => {
  const page = await context.newPage();
  await page.addInitScript(() => {
    for (const name of ['indexedDB', 'localStorage', 'sessionStorage']) {
      Object.defineProperty(window, name, {
        get() {
          throw new DOMException('the operation is insecure', 'SecurityError');
        },
      });
    }
  });
  await page.goto(lab.app);
  await tap(page, 10);
  await page.goto(`${lab.app}/bare`);
  await lab.expectExactly(10);
});
