import { createHmac, createPublicKey, type KeyObject, timingSafeEqual, verify } from 'node:crypto';
import { parseInitData } from './parseInitData';
import type { TelegramSettings } from './telegramSettings';

/** What one initData turned out to be. The fields beside `kind` are there in every case, so that all cost the same. */
export interface Launch {
  /** `userless`: signed and fresh, and of nobody, as from the button of a keyboard. */
  readonly kind: 'genuine' | 'malformed' | 'forged' | 'stale' | 'future' | 'userless';
  /** Telegram's id of the user; to be hashed, and kept nowhere. Of anything but a genuine launch it means nothing. */
  readonly userId: string;
  /** The signed text, the same however the launch is spelt. As private as the initData. */
  readonly signed: string;
  /** When Telegram signed, and when that is too long ago; Unix time in ms. */
  readonly launchedAt: number;
  readonly expiresAt: number;
}

/** Tells what `initData` is at `now` (Unix time in ms), with the same work whatever it is. Never throws. */
export type InitDataCheck = (initData: string, now: number) => Launch;

/** Telegram's Ed25519 keys, 32 bytes in hex: https://core.telegram.org/bots/webapps#validating-data-for-third-party-use */
const telegramKeys = {
  production: 'e7bf03a2fa4602af4580703d88dda5bb59f32ed8b02a56c187fe7d34caed242d',
  test: '40055058a4ee38156a06562e52eece92a771bcd8346a8c4615cb7376eddf72ec',
} as const;

export type TelegramKeys = Readonly<Record<keyof typeof telegramKeys, string>>;

/** Clocks of phones are not asked, Telegram's server stamps the launch: this is between its clock and ours. */
const MAX_AHEAD_MS = 60_000;

interface Signature {
  /** Fields that the signature does not cover. */
  readonly uncovered: ReadonlySet<string>;
  /** Stands before the fields in the signed text. */
  readonly prefix: string;
  holds(signed: string, fields: ReadonlyMap<string, string>): boolean;
}

const NO_HASH = '0'.repeat(64);

/** By HMAC with the bot's token. Its `hash` covers the `signature` field too, where there is one. */
function hmacSignature(botToken: string): Signature {
  const key = createHmac('sha256', 'WebAppData').update(botToken).digest();
  return {
    uncovered: new Set(['hash']),
    prefix: '',
    holds(signed, fields) {
      const given = fields.get('hash') ?? '';
      const formed = /^[\da-f]{64}$/.test(given);
      const hash = createHmac('sha256', key).update(signed).digest();
      const same = timingSafeEqual(hash, Buffer.from(formed ? given : NO_HASH, 'hex'));
      return same && formed;
    },
  };
}

/** The order of Ed25519's base point, little-endian: https://www.rfc-editor.org/rfc/rfc8032#section-5.1.7 */
const ORDER = Buffer.from('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010', 'hex');

/** Whether the second half of a signature is below the order, as the RFC demands. */
function isReduced(signature: Buffer): boolean {
  for (let at = 31; at >= 0; at--) {
    const difference = (signature[32 + at] ?? 0) - (ORDER[at] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/** A signature of the right form that holds for nothing: OpenSSL turns away what has not the form in a thirtieth of the time. */
const NO_SIGNATURE = Buffer.alloc(64, 0x0b);

function readSignature(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  const canonical = bytes.length === 64 && bytes.toString('base64url') === text;
  return canonical && isReduced(bytes) ? bytes : undefined;
}

const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

function ed25519Key(hex: string): KeyObject {
  const der = Buffer.concat([SPKI_PREFIX, Buffer.from(hex, 'hex')]);
  return createPublicKey({ key: der, format: 'der', type: 'spki' });
}

/** By Telegram's own key with the bot's id alone. Its `signature` does not cover `hash`. */
function ed25519Signature(botId: string, publicKey: string): Signature {
  const key = ed25519Key(publicKey);
  return {
    uncovered: new Set(['hash', 'signature']),
    prefix: `${botId}:WebAppData\n`,
    holds(signed, fields) {
      const given = readSignature(fields.get('signature') ?? '');
      const same = verify(null, Buffer.from(signed), key, given ?? NO_SIGNATURE);
      return same && given !== undefined;
    },
  };
}

function signedText(fields: ReadonlyMap<string, string>, { uncovered, prefix }: Signature): string {
  const lines = [...fields]
    .filter(([name]) => !uncovered.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`);
  return prefix + lines.join('\n');
}

function readUserId(json: string): string | undefined {
  try {
    const user: unknown = JSON.parse(json);
    if (typeof user !== 'object' || user === null || !('id' in user)) return undefined;
    const { id } = user;
    return typeof id === 'number' && Number.isSafeInteger(id) && id > 0 ? String(id) : undefined;
  } catch {
    return undefined;
  }
}

function readAuthDate(text: string): number | undefined {
  return /^[1-9]\d{0,11}$/.test(text) ? Number(text) * 1_000 : undefined;
}

/**
 * Makes the check of one bot's launches: by HMAC where the bot's token is known, else by Telegram's Ed25519 signature
 * over the bot's id. Throws when `settings` name neither.
 *
 * Written here, and not taken from `@tma.js/init-data-node`, because that compares hashes with `===`, takes a field
 * given twice, and reads the clock by itself; it serves the tests as a second opinion.
 */
export function createInitDataCheck(
  { botToken, botId, testEnvironment, maxAgeSeconds }: TelegramSettings,
  keys: TelegramKeys = telegramKeys,
): InitDataCheck {
  if (botToken === undefined && botId === undefined) throw new Error('telegram: expected botToken or botId');
  const signature =
    botToken !== undefined
      ? hmacSignature(botToken)
      : ed25519Signature(botId ?? '', testEnvironment ? keys.test : keys.production);
  const nothing: ReadonlyMap<string, string> = new Map();

  return (initData, now) => {
    // No step is left out when an earlier one has failed: the time must not tell how far a forger has come.
    const parsed = parseInitData(initData);
    const fields = parsed ?? nothing;
    const signed = parsed ? signedText(parsed, signature) : initData.slice(0, 1_024);
    const holds = signature.holds(signed, fields);
    const authDate = readAuthDate(fields.get('auth_date') ?? '');
    const userId = readUserId(fields.get('user') ?? '{}');
    const launchedAt = authDate ?? now;
    const expiresAt = launchedAt + maxAgeSeconds * 1_000;
    const launch = { userId: userId ?? '0', signed, launchedAt, expiresAt };
    if (parsed === undefined || authDate === undefined) return { kind: 'malformed', ...launch };
    if (!holds) return { kind: 'forged', ...launch };
    if (now > expiresAt) return { kind: 'stale', ...launch };
    if (authDate > now + MAX_AHEAD_MS) return { kind: 'future', ...launch };
    return { kind: userId === undefined ? 'userless' : 'genuine', ...launch };
  };
}
