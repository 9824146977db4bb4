import { describe, expect, it } from 'vitest';
import type { Environment } from '../../page/environment';
import { readContext } from './readContext';

const awake = { active: true, fullscreen: false };

const contextOf = (WebApp?: object, params = {}, state = awake) =>
  readContext({ ...(WebApp && { Telegram: { WebApp } }) } as unknown as Environment, params, state);

describe('the context of a Mini App', () => {
  it('is what telegram-web-app.js says', () => {
    const webApp = {
      platform: 'android_x',
      version: '9.1',
      colorScheme: 'dark',
      isFullscreen: true,
      isActive: false,
    };
    expect(contextOf(webApp)).toEqual({
      platform: 'android_x',
      telegram_version: '9.1',
      color_scheme: 'dark',
      fullscreen: true,
      active: false,
    });
  });

  it('is what the launch parameters and the bare bridge say where the script is missing', () => {
    const params = {
      tgWebAppPlatform: 'ios',
      tgWebAppVersion: '9.1',
      tgWebAppThemeParams: '{"bg_color":"#17212b"}',
    };
    expect(contextOf(undefined, params, { active: false, fullscreen: true })).toEqual({
      platform: 'ios',
      telegram_version: '9.1',
      color_scheme: 'dark',
      fullscreen: true,
      active: false,
    });
  });

  it('has other in place of what is not on the list, since anybody can write an address', () => {
    expect(contextOf({ platform: 'evil"}1', version: '9.1<script>' })).toMatchObject({
      platform: 'other',
      telegram_version: 'other',
    });
  });

  it('is that of a browser outside Telegram, also with the script loaded', () => {
    const browser = { platform: 'browser', fullscreen: false, active: true };
    expect(contextOf()).toEqual(browser);
    expect(contextOf({ platform: 'unknown', version: '6.0', initData: '' })).toEqual(browser);
  });

  it('leaves out nothing that an old client has, and survives what it lacks', () => {
    expect(contextOf({ platform: 'ios', version: '6.0' })).toEqual({
      platform: 'ios',
      telegram_version: '6.0',
      color_scheme: 'light',
      fullscreen: false,
      active: true,
    });
  });

  it('survives a bridge whose every property throws', () => {
    const hostile = new Proxy(
      {},
      {
        get() {
          throw new Error('WebAppMethodUnsupported');
        },
      },
    );
    expect(contextOf(hostile)).toMatchObject({ platform: 'browser' });
    expect(readContext(hostile as unknown as Environment, {}, awake)).toMatchObject({ platform: 'browser' });
  });
});
