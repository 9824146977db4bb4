import { runInNewContext } from 'node:vm';
import { FILTERED } from '@artel/telemetry-protocol/scrub';
import { describe, expect, it } from 'vitest';
import { cutAddress, scrubName, scrubTree } from './scrubTree';

describe('scrubTree', () => {
  it('filters private keys at any depth and does not change the original', () => {
    const original = { a: [{ b: { token: 'abc', shots: 3 } }], 'http.request.header.cookie': 'sid=1' };
    expect(scrubTree(original)).toEqual({
      a: [{ b: { token: FILTERED, shots: 3 } }],
      'http.request.header.cookie': FILTERED,
    });
    expect(original.a[0]?.b.token).toBe('abc');
  });

  it('filters the people and the chat of initDataUnsafe, with ids and titles', () => {
    const unsafe = {
      user: { id: 1, first_name: 'Ann' },
      chat: { id: -100, title: 'Table' },
      chat_type: 'group',
    };
    expect(scrubTree<unknown>({ arguments: [unsafe] })).toEqual({
      arguments: [{ user: FILTERED, chat: FILTERED, chat_type: 'group' }],
    });
  });

  it('replaces instances of classes by their names', () => {
    class HttpError extends Error {
      readonly config = { headers: { authorization: 'tma secret' } };
    }
    const tree = {
      error: new HttpError('GET https://a.example/x?token=1'),
      node: document.createElement('b'),
    };
    expect(scrubTree<unknown>(tree)).toEqual({
      error: 'Error: GET https://a.example/x',
      node: '[HTMLElement]',
    });
  });

  it('reads errors, dates and plain objects of another realm, such as an iframe’s', () => {
    const realm = runInNewContext(
      '({ error: new TypeError("lost bot1?token=1"), date: new Date(0), data: { n: 1 } })',
    );
    expect(scrubTree<unknown>({ ...realm, list: [realm.data] })).toEqual({
      error: expect.stringMatching(/^TypeError: lost /),
      date: '1970-01-01T00:00:00.000Z',
      data: { n: 1 },
      list: [{ n: 1 }],
    });
  });

  it('reads the String objects that Sentry’s logger makes', () => {
    expect(scrubTree<unknown>({ message: new String('at https://a.example/?token=1') })).toEqual({
      message: 'at https://a.example/',
    });
  });

  it('ends on cycles and survives getters that throw', () => {
    const cycle: Record<string, unknown> = { name: 'ring' };
    cycle.self = cycle;
    Object.defineProperty(cycle, 'bad', {
      enumerable: true,
      get() {
        throw new Error('no');
      },
    });
    const clean = scrubTree(cycle);
    expect(clean).toMatchObject({ name: 'ring', bad: '[unreadable]' });
    expect(JSON.stringify(clean).length).toBeLessThan(2_000);
  });

  it('keeps numbers, booleans, null and ordinary words', () => {
    const tree = { n: 1, yes: true, none: null, words: 'the hash of a user in kolkhoz', gone: undefined };
    expect(scrubTree(tree)).toEqual(tree);
  });
});

describe('cutAddress', () => {
  it.each([
    ['https://a.example/game?x=1#tgWebAppData=user', 'https://a.example/game'],
    ['/game?promo=abc#tgWebAppData=user', '/game'],
    ['/#/game/5?tgWebAppData=user', '/#/game/5'],
    ['/plain/path', '/plain/path'],
  ])('turns %s into %s', (address, cut) => {
    expect(cutAddress(address)).toBe(cut);
  });
});

it('removes queries from the names of spans', () => {
  expect(scrubName('GET /games?token=abc now')).toBe('GET /games now');
  expect(scrubName('GET https://a.example/x?token=abc')).toBe('GET https://a.example/x');
});
