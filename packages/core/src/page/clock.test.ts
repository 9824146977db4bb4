import { IDBFactory } from 'fake-indexeddb';
import { expect, it } from 'vitest';
import { createFakeDevice } from '../testing/fakeDevice';
import { createFakeGateway } from '../testing/fakeGateway';
import { createClock } from './clock';

it('tells the time of the start, advanced by what has passed since, whatever the device’s clock does', async () => {
  const device = createFakeDevice({ gateway: createFakeGateway(), indexedDB: new IDBFactory() });
  const page = device.openPage();
  const now = createClock(page.environment);
  const start = page.environment.Date.now();
  expect(now()).toBe(start);
  device.clockSkew = -3_600_000;
  await page.advance(1_500.4);
  expect(now()).toBe(start + 1_500);
});
