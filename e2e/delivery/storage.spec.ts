import type { Page } from '@playwright/test';
import { expect, expectKept, tap, test } from './lab';

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
