import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { parseInitData } from './parseInitData';
import { type TelegramSettings, telegramSettings } from './telegramSettings';

/** A bot that there is not. */
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

export type Way = 'hmac' | 'ed25519';

export function settingsOf(way: Way, more: Partial<TelegramSettings> = {}): TelegramSettings {
  const bot = way === 'hmac' ? { botToken: BOT_TOKEN } : { botId: BOT_ID };
  return { ...telegramSettings.parse(bot), ...more };
}

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

/** The fields of what `spell` spelt. */
export function read(initData: string): Fields {
  const fields = parseInitData(initData);
  if (fields === undefined) throw new Error('expected initData that can be read');
  return Object.fromEntries(fields);
}

const text = fc.string({ unit: 'grapheme', maxLength: 40 });

/** Fields as Telegram may send them, with any names of people, and fields that are not invented yet. */
export const anyFields: fc.Arbitrary<Fields> = fc
  .record({
    id: fc.integer({ min: 1, max: 2 ** 52 }),
    first_name: text,
    last_name: text,
    auth: fc.integer({ min: NOW / 1_000 - 86_400, max: NOW / 1_000 + 60 }),
    later: fc.dictionary(
      fc.stringMatching(/^later_[a-z]{1,9}$/),
      fc.stringMatching(/^[\w ./+&=%{}"-]{0,20}$/),
      {
        maxKeys: 3,
      },
    ),
  })
  .map(({ id, first_name, last_name, auth, later }) => ({
    ...later,
    user: JSON.stringify({ id, first_name, last_name }),
    auth_date: String(auth),
  }));
