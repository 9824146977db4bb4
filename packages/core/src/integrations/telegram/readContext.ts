import type { Fields, LaunchParams } from '@artel/telemetry-protocol';
import { attempt, type Environment } from '../../page/environment';
import { type TelegramWebApp, telegramWebApp } from '../../page/telegramBridge';

/** What the events of the bridge have said. */
export interface BridgeState {
  active: boolean;
  fullscreen: boolean;
}

/** Everything else is `other`: anybody can write an address, and this becomes a label. */
const PLATFORMS = /^(?:android(?:_x)?|ios|macos|tdesktop|web[abk]?|unigram)$/;
const VERSION = /^\d{1,2}\.\d{1,2}$/;

const listed = (pattern: RegExp, value: unknown) => (pattern.test(String(value)) ? String(value) : 'other');

/**
 * Returns a few short facts about the client in which the app runs: `platform` (`browser` outside Telegram),
 * `telegram_version` and `color_scheme` inside, `fullscreen`, `active`. telegram-web-app.js knows best, then the events of
 * the bridge, then the launch parameters. If a foreign bridge throws, one fact is missing at most.
 */
export function readContext(
  environment: Environment,
  params: LaunchParams,
  { active, fullscreen }: BridgeState,
): Fields {
  const read = (name: keyof TelegramWebApp) => attempt(() => telegramWebApp(environment)[name]);
  const known = read('platform');
  // Outside Telegram the script says `unknown`.
  const platform = known && known !== 'unknown' ? known : params['tgWebAppPlatform'];
  // `#rrggbb`: green is most of a colour's luma.
  const green = /"bg_color":"#..(..)/.exec(params['tgWebAppThemeParams'] ?? '')?.[1];
  const scheme = read('colorScheme') ?? (green && green < '80' ? 'dark' : 'light');
  return {
    platform: platform ? listed(PLATFORMS, platform) : 'browser',
    ...(platform && {
      telegram_version: listed(VERSION, params['tgWebAppVersion'] ?? read('version')),
      color_scheme: scheme === 'dark' ? 'dark' : 'light',
    }),
    fullscreen: !!(read('isFullscreen') ?? fullscreen),
    active: !!(read('isActive') ?? active),
  };
}
