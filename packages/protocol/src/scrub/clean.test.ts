import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limits } from '../limits';
import { cleanFields, cleanText } from './clean';
import { FILTERED } from './names';

const INIT_DATA = 'query_id=AAHdF6IQ&user=%7B%22first_name%22%3A%22Vladislav%22%7D&hash=c501b71e775f74ce';

describe('cleanText', () => {
  it('scrubs a text and keeps it within its limit', () => {
    expect(cleanText('mail ann@b.co', 100)).toBe(`mail ${FILTERED}`);
    expect(cleanText('x'.repeat(100), 10)).toBe(`${'x'.repeat(9)}\u2026`);
    expect(cleanText('ann@b.co bob@b.co', 17)).toBe(`${FILTERED} [Filt\u2026`);
  });
});

describe('cleanFields', () => {
  it('scrubs texts, and bounds what is left of them', () => {
    expect(cleanFields({ mail: 'ann@b.co', long: `ann@b.co ${'x'.repeat(limits.fieldLength)}` })).toEqual({
      mail: FILTERED,
      long: expect.stringMatching(/^\[Filtered\] x+\u2026$/),
    });
    expect(cleanFields({ a: 'ann@b.co' }, 9)).toEqual({ a: '[Filter\u2026' });
  });

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

  it('writes an error with its causes, and none of its other fields', () => {
    const refused = Object.assign(new TypeError(`GET https://api.test/x?s=s3cret`), {
      config: { headers: { Authorization: `tma ${INIT_DATA}` }, data: 'Vladislav' },
      toJSON: () => ({ config: { headers: { 'X-Auth': 'Vladislav' } } }),
    });
    const error = new Error('no game for ivan@example.com', { cause: refused });
    error.cause = Object.assign(refused, { cause: error });
    const text = `Error: no game for ${FILTERED} (caused by TypeError: GET https://api.test/x)`;
    const fields = cleanFields({ error, deep: { list: [error] } });
    expect(fields['error']).toContain(text);
    expect(fields['deep']).toContain(text);
    expect(JSON.stringify(fields)).not.toMatch(/Vladislav|c501b71e|s3cret/);
  });

  it('opens neither maps nor sets nor the fields of classes that hide them', () => {
    class Account {
      readonly #token = 's3cret';
      toString = () => this.#token;
    }
    const fields = cleanFields({
      map: new Map([['token', 's3cret']]),
      set: new Set(['s3cret']),
      account: new Account(),
      token: new Map([['a', 's3cret']]),
    });
    expect(fields).toMatchObject({ map: '{}', set: '{}', account: '{}', token: FILTERED });
  });

  it('filters Telegram’s user, receiver and chat whole, and other things of these names not', () => {
    const chat = { id: -100, type: 'group', title: 'Секретный стол' };
    const user = { id: 279058397, first_name: 'Vladislav' };
    expect(cleanFields({ chat, user, receiver: user, deep: { unsafe: { user, chat } } })).toEqual({
      chat: FILTERED,
      user: FILTERED,
      receiver: FILTERED,
      deep: `{"unsafe":{"user":"${FILTERED}","chat":"${FILTERED}"}}`,
    });
    expect(cleanFields({ chat: { open: true }, user: 'guest' })).toEqual({
      chat: '{"open":true}',
      user: 'guest',
    });
  });

  it('scrubs the names of fields too', () => {
    expect(cleanFields({ 'ivan.petrov@example.com': 1 })).toEqual({ [FILTERED]: 1 });
  });

  it('returns fields for any value', () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withNullPrototype: true }), (value) => {
        for (const field of Object.values(cleanFields(value)))
          expect(['string', 'number', 'boolean', 'object']).toContain(typeof field);
      }),
    );
  });
});
