import { IDBFactory } from 'fake-indexeddb';
import { expect, it } from 'vitest';
import { createFakeDevice } from '../testing/fakeDevice';
import { createFakeGateway } from '../testing/fakeGateway';
import { createClock } from './clock';

it('returns the time of the start plus what has passed since, even if the device’s clock jumps', async () => {
  const device = createFakeDevice({ gateway: createFakeGateway(), indexedDB: new IDBFactory() });
  const page = device.openPage();
  const now = createClock(page.environment);
  const start = page.environment.Date.now();
  expect(now()).toBe(start);
  device.clockSkew = -3_600_000;
  await page.advance(1_500.4);
  expect(now()).toBe(start + 1_500);
});
