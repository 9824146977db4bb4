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

describe('an address, as a server hears it', () => {
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
    expect(networkKey(address)).toBe(key);
  });

  it('that is none is kept short', () => {
    expect(networkKey('x'.repeat(10_000))).toHaveLength(64);
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
          const key = networkKey(plain.join(':'));
          expect(networkKey(padded.map((part) => part.toUpperCase().padStart(4, '0')).join(':'))).toBe(key);
          const [first, second, third, last] = network;
          fc.pre(last !== other);
          const elsewhere = [first, second, third, other].map((part) => part.toString(16));
          expect(networkKey(`${elsewhere.join(':')}::1`)).not.toBe(key);
        },
      ),
    );
  });
});
