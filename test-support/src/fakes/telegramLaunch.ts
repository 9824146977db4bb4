import { createHmac } from 'node:crypto';

export const BOT_TOKEN = `7000000001:${'test-token-'.repeat(3)}x`;

/** What Telegram hands to the app at a launch, signed for `botToken` as Telegram signs. */
export function signedLaunch(fields: Readonly<Record<string, string>> = {}, botToken = BOT_TOKEN): string {
  const all = {
    query_id: 'AAHdF6IQAAAAAN0XohDhrOrc',
    user: JSON.stringify({ id: 99_281_932, first_name: 'Anna', language_code: 'ru' }),
    auth_date: String(Math.floor(Date.now() / 1_000)),
    signature: 'c2lnbmF0dXJlLW9mLXRlbGVncmFt',
    ...fields,
  };
  const lines = Object.entries(all)
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join('\n');
  const key = createHmac('sha256', 'WebAppData').update(botToken).digest();
  const hash = createHmac('sha256', key).update(lines).digest('hex');
  return new URLSearchParams({ ...all, hash }).toString();
}
