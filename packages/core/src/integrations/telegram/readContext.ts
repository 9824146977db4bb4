import type { Fields } from '@artel/telemetry-protocol';
import type { LaunchParams } from '@artel/telemetry-protocol/scrub';
import { attempt, type Environment } from '../../environment';
import { type TelegramWebApp, telegramWebApp } from '../../lifecycle';

/** What the bare bridge has told. */
export interface BridgeState {
  active: boolean;
  fullscreen: boolean;
}

/** Everything else is `other`: the address is anybody's to write, and becomes a label here. */
const PLATFORMS = /^(?:android(?:_x)?|ios|macos|tdesktop|web[abk]?|unigram)$/;
const VERSION = /^\d{1,2}\.\d{1,2}$/;

const listed = (pattern: RegExp, value: unknown) => (pattern.test(String(value)) ? String(value) : 'other');

/**
 * Few and short facts about the client in which the app runs: `platform` (`browser` outside Telegram),
 * `telegram_version` and `color_scheme` inside, `fullscreen`, `active`. telegram-web-app.js knows best, then the bare
 * bridge, then the launch parameters. Whatever a foreign bridge throws, a fact is left out at most.
 */
export function readContext(
  environment: Environment,
  params: LaunchParams,
  { active, fullscreen }: BridgeState,
): Fields {
  const read = (name: keyof TelegramWebApp) => attempt(() => telegramWebApp(environment)[name]);
  const told = read('platform');
  // The script says `unknown` where no Telegram has told it.
  const platform = told && told !== 'unknown' ? told : params['tgWebAppPlatform'];
  // `#rrggbb`: of a colour's luma green is the most.
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
