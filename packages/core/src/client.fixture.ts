import { IDBFactory } from 'fake-indexeddb';
import { expect } from 'vitest';
import { createTelemetry } from './createTelemetry';
// What a page loads after its start, loaded here before.
import './later';
import type { Telemetry, TelemetryOptions } from './telemetry';
import { createFakeDevice, type FakePage, type PageOptions } from './testing/fakeDevice';
import { createFakeGateway } from './testing/fakeGateway';

interface ClientOptions extends Partial<TelemetryOptions> {
  /** Changes the page before the client starts. */
  readonly prepare?: (page: FakePage) => void;
}

/** Opens a client on a fake page of a fake device, with a fake gateway; `open` opens the next page. */
export function openClient(
  { prepare, ...options }: ClientOptions = {},
  pageOptions: PageOptions = {},
  seed = 1,
) {
  const gateway = createFakeGateway();
  const indexedDB = new IDBFactory();
  const device = createFakeDevice({ gateway, indexedDB, seed });
  const open = (
    others: Partial<TelemetryOptions> = {},
    otherPage = pageOptions,
    change?: (page: FakePage) => void,
  ) => {
    const page = device.openPage(otherPage);
    change?.(page);
    const telemetry = createTelemetry({
      endpoint: '/api/metrics',
      app: 'billiards',
      debug: true,
      environment: page.environment,
      ...options,
      ...others,
    });
    return { page, telemetry };
  };
  return { gateway, device, indexedDB, open, ...open({}, pageOptions, prepare) };
}

/** Expects the accounts to balance, in whole numbers. */
export function expectBalanced(telemetry: Telemetry): void {
  const { emitted, acknowledged, pending, dropped } = telemetry.stats();
  const counts = [emitted, acknowledged, pending, ...Object.values(dropped)];
  for (const count of counts) expect(Number.isInteger(count) && count >= 0, `${counts}`).toBe(true);
  const given = Object.values(dropped).reduce((sum, n) => sum + n, 0);
  expect(emitted).toBe(acknowledged + pending + given);
}
