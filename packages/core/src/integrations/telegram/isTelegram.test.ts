// @vitest-environment jsdom
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Environment } from '../../page/environment';

const PARAMS = 'tgWebAppVersion=9.1&tgWebAppPlatform=ios';

async function isTelegramOn(address: string, globals: object = {}) {
  history.replaceState(null, '', address);
  vi.resetModules();
  const { isTelegram } = await import('./isTelegram');
  return isTelegram(globals as Environment);
}

beforeEach(() => sessionStorage.clear());

describe('Telegram is present', () => {
  it.each<readonly [where: string, address: string, globals: object]>([
    ['in the address', `/#${PARAMS}`, {}],
    ['as telegram-web-app.js', '/', { Telegram: { WebApp: {} } }],
    ['as a native bridge', '/', { TelegramWebviewProxy: {} }],
  ])('%s', async (_, address, globals) => {
    expect(await isTelegramOn(address, globals)).toBe(true);
  });

  it('in what its scripts have kept over a reload', async () => {
    sessionStorage.setItem('tapps/launchParams', JSON.stringify(PARAMS));
    expect(await isTelegramOn('/')).toBe(true);
  });

  it('and the address stays as it is until telegram() is called', async () => {
    await isTelegramOn(`/#${PARAMS}`);
    expect(location.hash).toBe(`#${PARAMS}`);
  });
});

describe('Telegram is absent', () => {
  it.each([
    ['from a plain browser', {}],
    ['where another script has taken its name', { Telegram: {} }],
    [
      'where reading its name throws',
      Object.defineProperty({}, 'Telegram', {
        get() {
          throw new Error('no');
        },
      }),
    ],
  ])('%s', async (_, globals) => {
    expect(await isTelegramOn('/game?tab=1#/room', globals)).toBe(false);
  });
});
