import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanFields, FILTERED, scrubText } from './scrub';

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
  ])('takes out %s', (_, text, secrets) => {
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

  it('keeps the position behind a URL in a stack line', () => {
    expect(scrubText('at f (https://app.test/i.js?v=1#a:12:34)')).toBe('at f (https://app.test/i.js:12:34)');
  });

  it('is idempotent', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.constantFrom(INIT_DATA, BOT_TOKEN, JWT, 'a@b.co', '"hash":"x"'))),
        (parts) => {
          const once = scrubText(parts.join(' '));
          expect(scrubText(once)).toBe(once);
        },
      ),
    );
  });
});

describe('cleanFields', () => {
  it('flattens whatever it is given and never throws', () => {
    const cyclic: Record<string, unknown> = { name: 'x' };
    cyclic['self'] = cyclic;
    const fields = cleanFields({
      n: 1,
      big: 10n,
      nan: Number.NaN,
      no: undefined,
      run: () => 1,
      cyclic,
      token: 'abc',
      init_data: INIT_DATA,
      error: new Error('bad'),
      deep: { password: 'p', list: [1, { apiKey: 'k' }] },
      get bad() {
        throw new Error('no');
      },
    });
    expect(fields).toMatchObject({
      n: 1,
      big: '10',
      nan: 'NaN',
      token: FILTERED,
      init_data: FILTERED,
      error: 'Error: bad',
    });
    expect(fields['deep']).toBe(`{"password":"${FILTERED}","list":[1,{"apiKey":"${FILTERED}"}]}`);
    expect(fields).not.toHaveProperty('no');
    expect(fields['bad']).toBe('[unreadable]');
  });

  it('answers fields for any value', () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withNullPrototype: true }), (value) => {
        for (const field of Object.values(cleanFields(value)))
          expect(['string', 'number', 'boolean', 'object']).toContain(typeof field);
      }),
    );
  });
});
