import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKeyedHash } from './keyedHash';

const SECRET = 's'.repeat(32);

describe('a keyed hash', () => {
  it('is the same for the same text, purpose and secret, and else another', () => {
    const hash = createKeyedHash(SECRET);
    const again = createKeyedHash(Buffer.from(SECRET));
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        expect(again('address', one)).toBe(hash('address', one));
        expect(hash('user', one)).not.toBe(hash('address', one));
        expect(createKeyedHash('t'.repeat(32))('address', one)).not.toBe(hash('address', one));
        if (one !== other) expect(hash('address', one)).not.toBe(hash('address', other));
      }),
      { numRuns: 50 },
    );
  });

  it('is none that everybody can make', () => {
    const bare = createHash('sha256').update('192.0.2.1').digest('hex');
    expect(createKeyedHash(SECRET)('address', '192.0.2.1')).not.toBe(bare.slice(0, 16));
  });

  it('has as many bytes as were asked for', () => {
    const hash = createKeyedHash(SECRET);
    expect(hash('store', 'x')).toMatch(/^[\da-f]{16}$/);
    expect(hash('store', 'x', 16)).toMatch(/^[\da-f]{32}$/);
  });

  it('needs a secret of 32 bytes', () => {
    expect(() => createKeyedHash('short')).toThrow('secret: expected at least 32 bytes, got 5');
    expect(() => createKeyedHash('ж'.repeat(16))).not.toThrow();
  });
});
