import { describe, expect, it } from 'vitest';
import { createAllowList } from './allowList';

describe('the allow-list', () => {
  it('knows addresses and networks in all their forms', () => {
    const isAllowed = createAllowList(['10.0.0.0/8', '127.0.0.1', '2001:db8::/32']);
    for (const address of ['10.1.2.3', '::ffff:10.1.2.3', '127.0.0.1', '2001:db8:5::1']) {
      expect(isAllowed(address), address).toBe(true);
    }
    for (const address of ['11.0.0.1', '127.0.0.2', '2001:db9::1', '', 'office']) {
      expect(isAllowed(address), address).toBe(false);
    }
  });

  it.each(['10.0.0.0/33', 'office', '10.0.0.0/', '::/129', '10.0.0.0/x', '300.1.1.1'])(
    'names the entry %s, which is none',
    (entry) => {
      expect(() => createAllowList(['127.0.0.1', entry])).toThrow(
        `allow[1]: expected an address or a network`,
      );
    },
  );
});
