import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { networkKey } from './networkKey';

describe('networkKey', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::FFFF:203.0.113.7', '203.0.113.7'],
    ['::ffff:cb00:7107', '203.0.113.7'],
    ['::FFFF:c000:0207', '192.0.2.7'],
    ['0:0:0:0:0:ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
    ['2001:DB8:0001:0002::ffff', '2001:db8:1:2::/64'],
    ['2001:db8:1:3::1', '2001:db8:1:3::/64'],
    ['2001:db8::', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['64:ff9b::203.0.113.7', '64:ff9b:0:0::/64'],
    ['1:2:3:4:5:6:203.0.113.7', '1:2:3:4::/64'],
    ['unknown', 'unknown'],
    ['', ''],
  ])('of %s is %s', (address, key) => {
    expect(networkKey(address)).toBe(key);
  });

  it('shortens what is not an address', () => {
    expect(networkKey('x'.repeat(10_000))).toHaveLength(64);
  });

  it('is the same for all addresses of a /64, however they are written, and for no others', () => {
    const hextet = fc.integer({ min: 0, max: 0xffff });
    const half = fc.tuple(hextet, hextet, hextet, hextet);
    const write = (parts: readonly number[]): string[] => parts.map((part) => part.toString(16));
    fc.assert(
      fc.property(half, half, half, hextet, (network, host, otherHost, other) => {
        const [first, second, third, last] = network;
        fc.pre(last !== other);
        const plain = write([...network, ...host]).join(':');
        const padded = write([...network, ...otherHost]).map((part) => part.toUpperCase().padStart(4, '0'));
        expect(networkKey(padded.join(':'))).toBe(networkKey(plain));
        const elsewhere = write([first, second, third, other]);
        expect(networkKey(`${elsewhere.join(':')}::1`)).not.toBe(networkKey(plain));
      }),
    );
  });
});
