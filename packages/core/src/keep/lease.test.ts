import { describe, expect, it } from 'vitest';
import { openPage } from '../room.fixture';
import type { FakePage } from '../testing/fakeDevice';
import { createLeases } from './lease';

const leasesOf = ({ environment }: FakePage) => createLeases({ environment, namespace: 'test' });

function setUp() {
  const { device, page } = openPage({ locks: false });
  return { device, page, leases: leasesOf(page), other: leasesOf(device.openPage({ locks: false })) };
}

describe('a lease', () => {
  it('is respected for as long as its page renews it', async () => {
    const { page, leases, other } = setUp();
    leases.hold('p');
    await page.advance(600_000);
    expect(other.claim('p')).toBe(false);
  });

  it('runs out a minute after its page has died', async () => {
    const { device, page, leases, other } = setUp();
    leases.hold('p');
    page.kill();
    await device.openPage().advance(59_000);
    expect(other.claim('p')).toBe(false);
    await device.openPage().advance(2_000);
    expect(other.claim('p')).toBe(true);
    expect(leasesOf(device.openPage({ locks: false })).claim('p')).toBe(false);
  });

  it('ends when it is released, and leaves nothing behind', () => {
    const { device, leases, other } = setUp();
    leases.hold('p');
    leases.release(new Set());
    expect(Object.keys(device.localStorage)).toEqual([]);
    expect(other.claim('p')).toBe(true);
  });

  it('of a page that has left something is free at once, where locks do not answer, too', () => {
    const { device, page, leases } = setUp();
    leases.hold('left');
    leases.hold('delivered');
    leases.release(new Set(['left']));
    page.kill();
    const next = leasesOf(device.openPage({ locks: 'hang' }));
    expect(next.claim('left')).toBe(true);
    expect(next.claim('delivered')).toBe(false);
    next.release(new Set());
    expect(Object.keys(device.localStorage)).toEqual([]);
  });

  it('of a clock that was far ahead does not last until then', () => {
    const { device, page, leases, other } = setUp();
    device.clockSkew = 86_400_000;
    leases.hold('p');
    page.kill();
    device.clockSkew = 0;
    expect(other.claim('p')).toBe(true);
  });

  it('is not needed by a page that may hold a lock', () => {
    const { device } = setUp();
    expect(leasesOf(device.openPage({ locks: 'hang' })).claim('unknown')).toBe(false);
    expect(leasesOf(device.openPage({ locks: false })).claim('unknown')).toBe(true);
  });

  it('that cannot be written stops nothing', () => {
    const { device, leases, other } = setUp();
    device.quota = 'blocked';
    leases.hold('p');
    expect(other.claim('p')).toBe(true);
    leases.release(new Set());
  });
});
