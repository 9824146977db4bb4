import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { networkKey } from './networkKey';

describe('the key of an address', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::FFFF:c000:0207', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
    ['2001:DB8:0001:2::ffff', '2001:db8:1:2::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['2001:db8:1:3::1', '2001:db8:1:3::/64'],
    ['unknown', 'unknown'],
  ])('of %s is %s', (address, key) => {
    expect(networkKey(address)).toBe(key);
  });

  it('is the same over the whole /64, and its own key', () => {
    fc.assert(
      fc.property(fc.ipV6(), fc.nat(0xffff), (address, last) => {
        const key = networkKey(address);
        if (!key.endsWith('::/64')) return;
        const network = key.slice(0, -'::/64'.length);
        expect(networkKey(`${network}:0:0:7:${last.toString(16)}`)).toBe(key);
      }),
    );
  });

  it('is short for what is no address', () => {
    expect(networkKey('x'.repeat(10_000))).toHaveLength(64);
  });
});
