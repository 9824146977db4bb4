import { expect, it } from 'vitest';
import { createTokenCookie } from './cookie';

const NOW = 1_700_000_000_000;
const make = (secret = 's'.repeat(32), now = NOW) => createTokenCookie(secret, () => now);
const pairOf = (cookie: string) => cookie.slice(0, cookie.indexOf(';'));

it('gives the token back, among other cookies, and to a gateway of the same secret', () => {
  const cookie = make().issue('read-token-öß', false);
  expect(cookie).toMatch(/^artel_live=[\w-]+; Max-Age=43200; HttpOnly; SameSite=Strict$/);
  expect(make().read(`theme=dark; ${pairOf(cookie)}; x=y`)).toBe('read-token-öß');
});

it('does not show the token, and is never twice the same', () => {
  const [one, two] = [make().issue('read-token', true), make().issue('read-token', true)];
  expect(one).toMatch(/; Secure$/);
  expect(Buffer.from(pairOf(one).slice(11), 'base64url').toString('latin1')).not.toContain('read-token');
  expect(one).not.toBe(two);
});

it('is nothing when it is forged, foreign, cut, too old or absent', () => {
  const cookie = pairOf(make().issue('read-token', false));
  const last = cookie.at(-1) === 'A' ? 'B' : 'A';
  expect(make('t'.repeat(32)).read(cookie)).toBeUndefined();
  expect(make('s'.repeat(32), NOW + 12 * 3_600_000).read(cookie)).toBeUndefined();
  expect(make('s'.repeat(32), NOW + 11 * 3_600_000).read(cookie)).toBe('read-token');
  for (const bad of [
    undefined,
    '',
    'artel_live=',
    'artel_live=AAAA',
    `${cookie.slice(0, 20)}${last}${cookie.slice(21)}`,
    cookie.slice(0, -8),
    `${cookie}${'A'.repeat(5_000)}`,
    cookie.replace('artel_live', 'artel_life'),
  ]) {
    expect(make().read(bad)).toBeUndefined();
  }
});
