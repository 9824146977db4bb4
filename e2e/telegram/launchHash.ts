import { BOT_TOKEN, launchFields, player, signLaunch } from '@artel/test-support/fakes/telegramLaunch';

export { BOT_TOKEN };

/** What Telegram signs for a launch of this moment; `id` is the player's. */
export function launchOf(id: number = player.id): string {
  const user = JSON.stringify({ ...player, id });
  return signLaunch(launchFields({ user, auth_date: String(Math.floor(Date.now() / 1_000)) }));
}

/** The fragment with which Telegram opens a Mini App, without its `#`. */
export function launchHash(initData: string, { platform = 'ios', version = '9.1' } = {}): string {
  return new URLSearchParams({
    tgWebAppData: initData,
    tgWebAppVersion: version,
    tgWebAppPlatform: platform,
    tgWebAppThemeParams: '{"bg_color":"#17212b","text_color":"#f5f5f5"}',
  }).toString();
}

/** Every text that only the launch has, in the spellings in which it could leave. */
export function secretsOf(initData: string): readonly string[] {
  const fields = new URLSearchParams(initData);
  const names = ['hash', 'signature', 'start_param', 'chat_instance'];
  const texts = [
    ...names.map((name) => fields.get(name) ?? ''),
    player.first_name,
    player.last_name,
    player.username,
    'canary-photo',
    String(player.id),
    'tgWebApp',
  ].filter((text) => text !== '');
  return texts.flatMap((text) => {
    const once = encodeURIComponent(text);
    return [...new Set([text, once, encodeURIComponent(once)])];
  });
}
