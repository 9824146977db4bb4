import { expect, it } from 'vitest';
import { isPrivateKey } from './names';

it.each([
  'token',
  'accessToken',
  'api_key',
  'API-KEY',
  'initDataUnsafe',
  'first_name',
  'Authorization',
  'cvv',
])('%s is a private name', (name) => {
  expect(isPrivateKey(name)).toBe(true);
});

it.each(['tokens', 'keyboard', 'user', 'hashes', 'name', 'page', 'a'.repeat(10_000)])(
  '%s is not a private name',
  (name) => {
    expect(isPrivateKey(name)).toBe(false);
  },
);

it('recognises a user, receiver or chat of Telegram by its id', () => {
  for (const name of ['user', 'receiver', 'chat']) {
    expect(isPrivateKey(name, { id: 1, title: 'x' })).toBe(true);
    expect(isPrivateKey(name, { title: 'x' })).toBe(false);
    expect(isPrivateKey(name, null)).toBe(false);
  }
  expect(isPrivateKey('table', { id: 1 })).toBe(false);
});
