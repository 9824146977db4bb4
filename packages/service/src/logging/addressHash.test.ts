import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { createAddressHash } from './addressHash';

const secret = 'k'.repeat(32);

it('is the HMAC of the address under a fixed secret', () => {
  const expected = createHmac('sha256', secret).update('203.0.113.7').digest('hex').slice(0, 16);
  expect(createAddressHash({ secret })('203.0.113.7')).toBe(expected);
});

it('changes with its random key, after a day and not before', () => {
  let time = 0;
  const hash = createAddressHash({ now: () => time });
  const first = hash('203.0.113.7');
  time = 86_399_999;
  expect(hash('203.0.113.7')).toBe(first);
  time = 86_400_000;
  expect(hash('203.0.113.7')).not.toBe(first);
});

it('is another in another process without a secret', () => {
  expect(createAddressHash()('203.0.113.7')).not.toBe(createAddressHash()('203.0.113.7'));
});
