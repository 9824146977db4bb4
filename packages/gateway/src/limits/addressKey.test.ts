import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressKey } from './addressKey';

describe('an address', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::FFFF:203.0.113.7', '203.0.113.7'],
    ['::ffff:cb00:7107', '203.0.113.7'],
    ['0:0:0:0:0:ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::9', '2001:db8:1:2::/64'],
    ['2001:db8::', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['64:ff9b::203.0.113.7', '64:ff9b:0:0::/64'],
    ['1:2:3:4:5:6:203.0.113.7', '1:2:3:4::/64'],
    ['unknown', 'unknown'],
    ['', ''],
  ])('%s stands for %s', (address, key) => {
    expect(addressKey(address)).toBe(key);
  });

  it('that is none is kept short', () => {
    expect(addressKey('x'.repeat(10_000))).toHaveLength(64);
  });

  it('of IPv6 is one with all others of its /64, however they are written, and with no others', () => {
    const hextet = fc.integer({ min: 0, max: 0xffff });
    fc.assert(
      fc.property(
        fc.tuple(hextet, hextet, hextet, hextet),
        fc.array(fc.tuple(hextet, hextet, hextet, hextet), { minLength: 2, maxLength: 2 }),
        hextet,
        (network, hosts, other) => {
          const written = hosts.map((host) => [...network, ...host].map((part) => part.toString(16)));
          const [plain = [], padded = []] = written;
          const key = addressKey(plain.join(':'));
          expect(addressKey(padded.map((part) => part.toUpperCase().padStart(4, '0')).join(':'))).toBe(key);
          const [first, second, third, last] = network;
          fc.pre(last !== other);
          const elsewhere = [first, second, third, other].map((part) => part.toString(16));
          expect(addressKey(`${elsewhere.join(':')}::1`)).not.toBe(key);
        },
      ),
    );
  });
});
