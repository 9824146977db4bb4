import { createHmac, generateKeyPairSync, sign } from 'node:crypto';

/** A bot that does not exist. */
export const BOT_ID = '7000000001';
export const BOT_TOKEN = `${BOT_ID}:${'test-token-'.repeat(3)}x`;

/** A day in 2026, in Unix time: ms. */
export const NOW = 1_780_000_000_000;

const pair = generateKeyPairSync('ed25519');
const der = pair.publicKey.export({ type: 'spki', format: 'der' });

/** Stands in for Telegram's keys, in both environments; the private half signs below. */
export const ownKeys = {
  production: der.subarray(-32).toString('hex'),
  test: '40055058a4ee38156a06562e52eece92a771bcd8346a8c4615cb7376eddf72ec',
};

export type Fields = Readonly<Record<string, string>>;

/** Names that no other text of a test has, so that a scan finds each of them. */
export const player = {
  id: 7_215_550_147,
  first_name: 'Фёдор + Privatename',
  last_name: 'O’Secretson-Żółć',
  username: 'canary_username',
  language_code: 'ru',
  photo_url: 'https://t.me/i/userpic/320/canary-photo.svg',
};

export function launchFields(more: Fields = {}): Fields {
  return {
    user: JSON.stringify(player).replaceAll('/', '\\/'),
    chat_instance: '-8134722200314281151',
    chat_type: 'private',
    start_param: 'canary_start',
    auth_date: String(NOW / 1_000 - 10),
    ...more,
  };
}

function lines(fields: Fields, without: readonly string[]): string {
  return Object.entries(fields)
    .filter(([name]) => !without.includes(name))
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join('\n');
}

/** Signs as Telegram's server does, with both signatures, and spells as it does: `%20` for a space. */
export function signLaunch(
  fields: Fields = launchFields(),
  { botToken = BOT_TOKEN, botId = BOT_ID } = {},
): string {
  const text = `${botId}:WebAppData\n${lines(fields, ['hash', 'signature'])}`;
  const signature = sign(null, Buffer.from(text), pair.privateKey).toString('base64url');
  const signed = { ...fields, signature };
  const key = createHmac('sha256', 'WebAppData').update(botToken).digest();
  const hash = createHmac('sha256', key)
    .update(lines(signed, ['hash']))
    .digest('hex');
  return spell({ ...signed, hash });
}

export function spell(fields: Fields): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
}

/** The launch data of a player at this moment, signed for `botToken`; `fields` replace those of {@link launchFields}. */
export function signedLaunch(fields: Fields = {}, botToken = BOT_TOKEN): string {
  const user = JSON.stringify({ id: 99_281_932, first_name: 'Anna', language_code: 'ru' });
  const now = { user, auth_date: String(Math.floor(Date.now() / 1_000)) };
  return signLaunch(launchFields({ ...now, ...fields }), { botToken });
}
