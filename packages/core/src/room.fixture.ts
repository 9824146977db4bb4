import { IDBFactory } from 'fake-indexeddb';
import type { Entry } from './keep/entry';
import { createFakeDevice, type PageOptions } from './testing/fakeDevice';
import { createFakeGateway } from './testing/fakeGateway';

/** Opens a fake page on a device of its own, for one room of the client. */
export function openPage(options: PageOptions = {}) {
  const gateway = createFakeGateway();
  const indexedDB = new IDBFactory();
  const device = createFakeDevice({ gateway, indexedDB });
  const page = device.openPage(options);
  return { gateway, device, indexedDB, page, environment: page.environment };
}

/** Makes an entry of one event. */
export function entryOf(facts: Partial<Entry> = {}): Entry {
  const { producer = 'p', seq = 1 } = facts;
  const body = `{"metrics":[{"name":"taps_total"}],"producer":"${producer}","seq":${seq}}`;
  return {
    producer,
    seq,
    body,
    bytes: body.length,
    events: 1,
    counts: [[1], [], []],
    priority: 1,
    at: 1_800_000_000_000,
    user: undefined,
    drops: undefined,
    waited: 0,
    ...facts,
  };
}
