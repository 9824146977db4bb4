// @vitest-environment jsdom
import { afterEach, expect, it } from 'vitest';
import { readPlatform } from './platform';

afterEach(() => {
  delete window.Telegram;
});

it('is what Telegram’s script says', () => {
  window.Telegram = {
    WebApp: Object.assign({ colorScheme: 'light' }, { platform: 'android', version: '9.1' }),
  };
  expect(readPlatform(window)).toEqual({ telegram: 'android', version: '9.1' });
});

it('is no Telegram in a plain browser, with and without the script, and behind a bridge that throws', () => {
  const none = { telegram: undefined, version: undefined };
  expect(readPlatform(window)).toEqual(none);
  window.Telegram = {
    WebApp: Object.assign({ colorScheme: 'light' }, { platform: 'unknown', version: '6.0' }),
  };
  expect(readPlatform(window)).toEqual(none);
  window.Telegram = {
    get WebApp(): never {
      throw new Error('old');
    },
  };
  expect(readPlatform(window)).toEqual(none);
});
