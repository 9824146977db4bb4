import {
  BOT_TOKEN,
  launchFields,
  NOW,
  ownKeys,
  player,
  signLaunch,
  spell,
} from '@artel/test-support/fakes/telegramLaunch';
import { sign as signByOracle } from '@tma.js/init-data-node';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyFields, read, settingsOf, type Way } from '../../fixtures/telegram';
import { createInitDataCheck } from './checkInitData';
import { telegramSettings } from './telegramSettings';

const ways: readonly Way[] = ['hmac', 'ed25519'];

const checks = {
  hmac: createInitDataCheck(settingsOf('hmac'), ownKeys),
  ed25519: createInitDataCheck(settingsOf('ed25519'), ownKeys),
};

describe('real launches, published in the documentation of tma.js,', () => {
  // https://docs.telegram-mini-apps.com/packages/tma-js-init-data-node/validating; both of a bot made for it.
  const botId = '7342037359';
  const fields = {
    user: '{"id":279058397,"first_name":"Vladislav + - ? \\/","last_name":"Kibenko","username":"vdkfrost","language_code":"ru","is_premium":true,"allows_write_to_pm":true,"photo_url":"https:\\/\\/t.me\\/i\\/userpic\\/320\\/4FPEE4tmP3ATHa57u6MqTDih13LTOiMoKoLDRG4PnSA.svg"}',
    chat_instance: '8134722200314281151',
    chat_type: 'private',
  };
  const first = spell({
    ...fields,
    auth_date: '1733584787',
    signature: 'zL-ucjNyREiHDE8aihFwpfR9aggP2xiAo3NSpfe-p7IbCisNlDKlo7Kb6G4D0Ao2mBrSgEk4maLSdv6MLIlADQ',
    hash: '2174df5b000556d044f3f020384e879c8efcab55ddea2ced4eb752e93e7080d6',
  });
  const second = spell({
    ...fields,
    auth_date: '1733509682',
    signature: 'TYJxVcisqbWjtodPepiJ6ghziUL94-KNpG8Pau-X7oNNLNBM72APCpi_RKiUlBvcqo5L-LAxIc3dnTzcZX_PDg',
    hash: 'a433d8f9847bd6addcc563bff7cc82c89e97ea0d90c11fe5729cae6796a36d73',
  });
  const token = [botId, 'AAHI25ES9xCOMPokpYoz-p8XVrZUdygo2J4'].join(':');

  it("hold by Telegram's own key", () => {
    const check = createInitDataCheck(telegramSettings.parse({ botId }));
    expect(check(first, 1_733_584_800_000)).toMatchObject({ kind: 'genuine', userId: '279058397' });
    expect(check(second, 1_733_509_700_000)).toMatchObject({ kind: 'genuine', userId: '279058397' });
    expect(check(first.replace('private', 'sender'), 1_733_584_800_000).kind).toBe('forged');
    const other = createInitDataCheck(telegramSettings.parse({ botId: 7342037358 }));
    expect(other(first, 1_733_584_800_000).kind).toBe('forged');
    const test = createInitDataCheck(telegramSettings.parse({ botId, testEnvironment: true }));
    expect(test(first, 1_733_584_800_000).kind).toBe('forged');
  });

  it("hold by the bot's token, signature included", () => {
    const check = createInitDataCheck(telegramSettings.parse({ botToken: token }));
    expect(check(second, 1_733_509_700_000)).toMatchObject({ kind: 'genuine', userId: '279058397' });
    expect(check(second.replace('TYJx', 'TYJy'), 1_733_509_700_000).kind).toBe('forged');
  });
});

describe('launches signed by another implementation', () => {
  it('hold', () => {
    const initData = signByOracle({ user: player, chat_type: 'sender' }, BOT_TOKEN, new Date(NOW));
    expect(checks.hmac(initData, NOW)).toMatchObject({ kind: 'genuine', userId: String(player.id) });
  });
});

describe.each(ways)('by %s', (way) => {
  const check = checks[way];

  it('every genuine launch holds, however it is spelt, and is one launch', () => {
    fc.assert(
      fc.property(anyFields, (fields) => {
        const initData = signLaunch(fields);
        const launch = check(initData, NOW);
        expect(launch.kind).toBe('genuine');
        expect(fields['user']).toContain(`"id":${launch.userId},`);
        const respelt = String(new URLSearchParams(read(initData)));
        const turned = respelt.split('&').reverse().join('&');
        expect(check(respelt, NOW)).toEqual(launch);
        expect(check(turned, NOW)).toEqual(launch);
      }),
    );
  });

  it('no launch holds of which one byte is another, one is gone or one is new', () => {
    const byte = fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code));
    fc.assert(
      fc.property(
        anyFields,
        fc.nat(),
        byte,
        fc.constantFrom(0, 1),
        fc.boolean(),
        (fields, at, other, cut, put) => {
          const initData = signLaunch(fields);
          const place = at % initData.length;
          const tampered = initData.slice(0, place) + (put ? other : '') + initData.slice(place + cut);
          // Telegram's Ed25519 signature leaves out the hash, which only the bot itself can check.
          const bare = way === 'ed25519' ? /(?<=&hash=)[\w.~!$'()*,;:@/?+%-]*$/ : /$^/;
          fc.pre(tampered.replace(bare, '') !== initData.replace(bare, ''));
          expect(check(tampered, NOW).kind).not.toBe('genuine');
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('no byte of one launch can be changed at all', () => {
    const initData = signLaunch();
    const end = way === 'ed25519' ? initData.indexOf('&hash=') + 6 : initData.length;
    for (let at = 0; at < end; at++) {
      for (const flip of [0x01, 0x02, 0x20]) {
        const byte = String.fromCharCode(initData.charCodeAt(at) ^ flip);
        const tampered = initData.slice(0, at) + byte + initData.slice(at + 1);
        expect(check(tampered, NOW).kind, `byte ${at} as ${JSON.stringify(byte)}`).not.toBe('genuine');
      }
    }
  });

  it('another bot’s launch does not hold', () => {
    const other = { botToken: '7000000002:other', botId: '7000000002' };
    expect(check(signLaunch(launchFields(), other), NOW).kind).toBe('forged');
  });

  it('the time is bounded on both sides, to the millisecond', () => {
    const at = Number(launchFields()['auth_date']) * 1_000;
    const initData = signLaunch();
    expect(check(initData, at - 60_000).kind).toBe('genuine');
    expect(check(initData, at - 60_001).kind).toBe('future');
    expect(check(initData, at + 86_400_000).kind).toBe('genuine');
    expect(check(initData, at + 86_400_001).kind).toBe('stale');
    const brief = createInitDataCheck(settingsOf(way, { maxAgeSeconds: 60 }), ownKeys);
    expect(brief(initData, at + 60_000).kind).toBe('genuine');
    expect(brief(initData, at + 60_001).kind).toBe('stale');
  });

  it.each([
    '',
    '0',
    '-1',
    '+1780000000',
    '01780000000',
    '1780000000.5',
    '1.78e9',
    '0x6a18a400',
    'NaN',
    ' 1',
    '9'.repeat(13),
  ])('a launch signed with the time %j is none', (auth_date) => {
    expect(check(signLaunch(launchFields({ auth_date })), NOW).kind).toBe('malformed');
  });

  it('a launch without a time is none', () => {
    const { auth_date: _, ...timeless } = launchFields();
    expect(check(signLaunch(timeless), NOW).kind).toBe('malformed');
  });

  it.each([
    '',
    'null',
    '42',
    '"7"',
    '[]',
    '{}',
    '{"id":null}',
    '{"id":"7"}',
    '{"id":0}',
    '{"id":-7}',
    '{"id":7.5}',
    '{"id":1e400}',
    '{"id":9007199254740993}',
    '{"id":[7]}',
    '{"id":{"valueOf":7}}',
    '{"__proto__":{"id":7}}',
    '{"id":7',
    '['.repeat(2_000),
  ])('a launch signed with the user %j is nobody’s', (user) => {
    expect(check(signLaunch(launchFields({ user })), NOW).kind).toBe('userless');
  });

  it('a launch without a user is nobody’s', () => {
    const { user: _, ...userless } = launchFields();
    expect(check(signLaunch(userless), NOW).kind).toBe('userless');
  });

  const field = way === 'hmac' ? 'hash' : 'signature';
  it.each([
    ['missing', () => undefined],
    ['empty', () => ''],
    ['all zeros', (good: string) => '0'.repeat(good.length)],
    ['cut', (good: string) => good.slice(0, -1)],
    ['longer', (good: string) => `${good}0`],
    ['in upper case', (good: string) => good.toUpperCase()],
    ['as hex of something else', () => 'zz'.repeat(32)],
    ['of letters beyond ASCII', () => 'ё'.repeat(64)],
    ['padded', (good: string) => `${good}==`],
  ])('a launch whose signature is %s does not hold', (_, change) => {
    const { [field]: good = '', ...rest } = read(signLaunch());
    const changed = change(good);
    const initData = spell(changed === undefined ? rest : { ...rest, [field]: changed });
    expect(check(initData, NOW).kind).toBe('forged');
  });
});

describe('by ed25519', () => {
  it('one signature has one spelling', () => {
    const { signature = '', ...rest } = read(signLaunch());
    const bytes = Buffer.from(signature, 'base64url');
    // The last of 86 characters has four bits to spare.
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const last = alphabet.indexOf(signature.slice(-1));
    const spare = signature.slice(0, -1) + alphabet.charAt(last + 1);
    expect(Buffer.from(spare, 'base64url')).toEqual(bytes);
    const standard = bytes.toString('base64');
    for (const other of [spare, standard]) {
      expect(checks.ed25519(spell({ ...rest, signature: other }), NOW).kind).toBe('forged');
    }
  });

  it('the order of the curve added to a signature makes no second one', () => {
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const { signature = '', ...rest } = read(signLaunch());
    const bytes = Buffer.from(signature, 'base64url');
    const half = BigInt(`0x${Buffer.from(bytes.subarray(32)).reverse().toString('hex')}`) + order;
    const other = Buffer.from(half.toString(16).padStart(64, '0'), 'hex').reverse();
    const forged = Buffer.concat([bytes.subarray(0, 32), other]).toString('base64url');
    expect(checks.ed25519(spell({ ...rest, signature: forged }), NOW).kind).toBe('forged');
  });
});
