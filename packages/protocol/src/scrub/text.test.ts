import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scrubText } from './text';

const INIT_DATA =
  'query_id=AAHdF6IQAAAAAN0XohDhrOrc&user=%7B%22id%22%3A279058397%2C%22first_name%22%3A%22Vladislav%22%7D&auth_date=1662771648&hash=c501b71e775f74ce10e377dea85a7ea24ecd640b223ea86dfe453e0eaed2e2b2';
const BOT_TOKEN = `1234567890:${'AAExampleTokenOfABot_0123456789abc'}`;
const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJlLXBhcnQ';

describe('scrubText', () => {
  it.each([
    ['initData as it is', INIT_DATA, ['Vladislav', 'c501b71e', 'AAHdF6IQ']],
    [
      'initData in the hash of a URL',
      `https://app.test/#tgWebAppData=${encodeURIComponent(INIT_DATA)}`,
      ['Vladislav', 'c501'],
    ],
    [
      'initData encoded twice',
      `#tgWebAppData=${encodeURIComponent(encodeURIComponent(INIT_DATA))}&x=1`,
      ['Vladislav', 'c501'],
    ],
    [
      'the user as JSON',
      'got {"id":1,"first_name":"Vladislav","hash":"c501b71e"}',
      ['Vladislav', 'c501b71e'],
    ],
    ['the user as JSON in JSON', String.raw`"{\"first_name\":\"Vladislav\"}"`, ['Vladislav']],
    ['a tma header', `Authorization: tma ${INIT_DATA}`, ['Vladislav', 'c501']],
    [
      'a bot token in a URL',
      `POST https://api.telegram.org/bot${BOT_TOKEN}/sendMessage failed`,
      ['AAExample'],
    ],
    ['a bearer token', 'authorization: Bearer abcdefghijklmnop1234', ['abcdefghijklmnop']],
    ['a JWT', `token=${JWT} expired`, ['eyJzdWIi', 'c2lnbmF0']],
    ['an e-mail address', 'no account for ivan.petrov@example.com.', ['ivan.petrov']],
    [
      'the query and fragment of a URL',
      'Failed to fetch https://api.test/a/b?session=s3cret#frag',
      ['s3cret', 'frag'],
    ],
  ])('removes %s', (_, text, secrets) => {
    const scrubbed = scrubText(text);
    for (const secret of secrets) expect(scrubbed).not.toContain(secret);
    expect(scrubbed).toMatch(/\[Filtered\]|https:\/\//);
  });

  it.each([
    'the hash of a user is a key to kolkhoz',
    'TypeError: x is not a function at GameRoom (https://app.test/assets/index.js:12:345)',
    'react@19.3.1 at fn@https://app.test/index.js:1:2',
    'Счёт: 7 — 8, ударов: 42, цена 1 500 ₽',
    '/sessions/:id/pot',
    'basic usage of a bearer',
  ])('leaves ordinary words alone: %s', (text) => {
    expect(scrubText(text)).toBe(text);
  });

  it('keeps the position after a URL in a stack line', () => {
    expect(scrubText('at f (https://app.test/i.js?v=1#a:12:34)')).toBe('at f (https://app.test/i.js:12:34)');
  });

  it('is idempotent', () => {
    const parts = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom(...`"'\\{}[]()=:&?#%+@.,-/ 0147ab`) }),
      fc.constantFrom(
        INIT_DATA,
        BOT_TOKEN,
        JWT,
        'a@b.co',
        '"hash":"x"',
        '\\"token\\":\\"',
        "password='",
        'key=',
      ),
      fc.constantFrom(
        '%25',
        '%2522',
        '\\u0022',
        '\\\\u003d',
        '://',
        '?x=',
        'Authorization: tma ',
        'Bearer%20',
      ),
      fc.constantFrom(
        '+7 916 123-45-67',
        '4111 1111 1111 1111',
        '203.0.113.7',
        '2001:db8::1',
        't.me/',
        '[Filtered]',
      ),
      fc.constantFrom('"user":{"id":1', 'eyJ', 'tgWebAppData=', 'first_name%2522'),
    );
    fc.assert(
      fc.property(fc.array(parts), fc.constantFrom('', ' ', '"', '&'), (all, joint) => {
        const once = scrubText(all.join(joint));
        expect(scrubText(once)).toBe(once);
      }),
      { numRuns: 2_000 },
    );
  });

  it('never finds less in a longer text', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        fc.constantFrom(BOT_TOKEN, JWT, '+79161234567'),
        (a, b, secret) => {
          expect(scrubText(`${a} ${secret} ${b}`)).not.toContain(secret.slice(-12));
        },
      ),
    );
  });
});

/** Texts on which a pattern goes as far as it can before it fails, or starts again and again. */
const worst: Readonly<Record<string, string>> = {
  'plain words': 'ordinary words of a game ',
  letters: 'a',
  digits: '4',
  'digits and spaces': '4111 ',
  'digits and dashes': '4111-1111-1111-1112-',
  plus: '+7 91',
  'plus signs': '+',
  'telephones that end too early': '+7 916 12 ',
  'dots and digits': '1.',
  addresses: '1.2.3.',
  colons: ':',
  'groups of hex': 'ab1:',
  'double colons': 'ab1::',
  'a JWT without a point': 'eyJ',
  'JWTs that end too early': 'eyJhbGciOiJI.',
  'at signs': 'a@',
  'an address without an end': 'a@b',
  'bot tokens that end too early': '1234567:AAab',
  backslashes: '\\',
  quotes: '"',
  apostrophes: "'",
  'escaped quotes': '\\"',
  'private names': '"token":"',
  'escaped private names': '\\"token\\":\\"',
  'deeper and deeper': '\\\\\\"token\\":"',
  'private names without a value': '"token"',
  'private names and equals signs': 'token=',
  'prefixed names': 'a_token_',
  users: '"user":{"id"',
  'braces that do not close': 'user={"id":',
  schemes: 'bearer ',
  authorization: 'authorization: ',
  'authorization and brackets': 'authorization"[{:',
  'launch parameters without a value': 'tgWebApp',
  'fields of a launch': 'first_name%25',
  percents: '%25',
  'percent signs': '%',
  escapes: '\\u0022',
  URLs: 'https://a',
  'URLs with queries': 'https://a?',
  positions: 'https://a?:1:1',
  question: '?',
  links: 't.me/',
  brackets: '[Filtered]',
};

describe('the time that scrubText takes', () => {
  const LONG = 1_048_576;
  const quickest = (times: number, run: () => unknown): number =>
    Math.min(
      ...Array.from({ length: times }, () => {
        // CPU time of this process: on a busy machine the clock also counts others.
        const before = process.cpuUsage();
        run();
        const { user, system } = process.cpuUsage(before);
        return user + system;
      }),
    );
  const plainPass = (text: string): number => {
    let sum = 0;
    for (let at = 0; at < text.length; at++) sum += text.charCodeAt(at);
    return sum;
  };
  /** How many times longer a text of four times the length takes. */
  const growth = (text: (length: number) => string, times: number): number => {
    const [short, long] = [text(LONG / 4), text(LONG)];
    const floor = quickest(times, () => plainPass(long));
    const base = Math.max(
      quickest(times, () => scrubText(short)),
      floor,
    );
    return quickest(times, () => scrubText(long)) / base;
  };

  // 4 times the text takes 4 times as long where a pass is linear, and 16 times where it is quadratic.
  it.each(Object.entries(worst))('grows with the text and not with its square: %s', (_, unit) => {
    for (const frame of ['', 'x="']) {
      const text = (length: number): string => frame + unit.repeat(Math.ceil(length / unit.length));
      const once = growth(text, 1);
      // The compiler or the garbage collector may interrupt one run, but not each of five.
      expect(once < 8 ? once : growth(text, 5), `${frame}${unit}`).toBeLessThan(10);
    }
  });
});
