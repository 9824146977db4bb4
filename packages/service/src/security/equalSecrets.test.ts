import fc from 'fast-check';
import { expect, it } from 'vitest';
import { equalSecrets } from './equalSecrets';

it('tells the same secrets from others, of any length', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (one, other) => {
      expect(equalSecrets(one, one)).toBe(true);
      expect(equalSecrets(one, Buffer.from(one))).toBe(true);
      expect(equalSecrets(one, other)).toBe(one === other);
    }),
  );
});
