import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { limits } from '../limits';
import { readFields } from './fields';
import { FILTERED } from './names';

const hostile: Readonly<Record<string, () => unknown>> = {
  'a proxy that refuses everything': () =>
    new Proxy(
      {},
      {
        get: () => {
          throw new Error('get');
        },
        ownKeys: () => {
          throw new Error('ownKeys');
        },
        getPrototypeOf: () => {
          throw new Error('getPrototypeOf');
        },
        has: () => {
          throw new Error('has');
        },
      },
    ),
  'a revoked proxy': () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  },
  'a getter that throws': () => ({
    get bad() {
      throw new Error('no');
    },
  }),
  'a toJSON that throws': () => ({
    toJSON() {
      throw new Error('no');
    },
  }),
  'an object without a prototype': () => Object.assign(Object.create(null), { a: 1 }),
  'a toString that throws': () => ({
    toJSON: () => null,
    toString() {
      throw new Error('no');
    },
  }),
  'an error whose message throws': () =>
    Object.defineProperty(new Error('x'), 'message', {
      get: () => {
        throw new Error('no');
      },
    }),
};

describe('readFields', () => {
  it('keeps flat values and leaves out what has none', () => {
    const fields = readFields({
      text: 'a=b',
      n: -1.5,
      yes: true,
      nothing: null,
      no: undefined,
      run: () => 1,
      sign: Symbol('s'),
    });
    expect(fields).toEqual({ text: 'a=b', n: -1.5, yes: true, nothing: null });
  });

  it('writes as text what JSON cannot hold', () => {
    expect(
      readFields({
        big: 10n,
        nan: Number.NaN,
        far: -Infinity,
        never: new Date(Number.NaN),
        now: new Date(0),
      }),
    ).toEqual({
      big: '10',
      nan: 'NaN',
      far: '-Infinity',
      never: 'Invalid Date',
      now: '1970-01-01T00:00:00.000Z',
    });
  });

  it('takes an error in place of fields as one', () => {
    expect(readFields(new TypeError('x'))).toEqual({ error: 'TypeError: x' });
  });

  it('writes nested values as JSON', () => {
    const nested = { list: [1, 'a"b', null, undefined, () => 1], at: new Date(0), nan: Number.NaN, big: 1n };
    expect(readFields({ nested })).toEqual({
      nested: '{"list":[1,"a\\"b",null,null,null],"at":"1970-01-01T00:00:00.000Z","nan":"NaN","big":"1"}',
    });
  });

  it('writes nested plain JSON as JSON.stringify does', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
        // `-0` is 0 to JSON; private names and bounds have tests of their own.
        const json = JSON.stringify({ value });
        fc.pre(!/-0|\b(?:key|hash|pwd|auth|cvv|email)\b/i.test(json));
        expect(readFields({ nested: { value } })['nested']).toBe(json);
      }),
    );
  });

  it('filters private names at any depth, and does not scrub texts', () => {
    expect(
      readFields({ token: 'abc', deep: { password: 'p', list: [{ apiKey: 'k' }] }, mail: 'a@b.co' }),
    ).toEqual({
      token: FILTERED,
      deep: `{"password":"${FILTERED}","list":[{"apiKey":"${FILTERED}"}]}`,
      mail: 'a@b.co',
    });
    expect(readFields({ user: { id: 1 }, table: { chat: { id: 2 } } })).toEqual({
      user: FILTERED,
      table: `{"chat":"${FILTERED}"}`,
    });
  });

  it('writes a cycle as an ellipsis, and the same object twice in full', () => {
    const shared = { a: 1 };
    const cyclic: Record<string, unknown> = { one: shared, two: shared };
    cyclic['self'] = cyclic;
    expect(readFields({ cyclic })).toEqual({ cyclic: '{"one":{"a":1},"two":{"a":1},"self":"\u2026"}' });
  });

  it('writes an error by name, message and causes, and none of its other fields', () => {
    const error = Object.assign(new TypeError('x', { cause: new RangeError('y') }), {
      config: { headers: 's3cret' },
      toJSON: () => 's3cret',
    });
    const text = 'TypeError: x (caused by RangeError: y)';
    expect(readFields({ error, deep: [error] })).toEqual({ error: text, deep: JSON.stringify([text]) });
  });

  it('keeps at most as many fields as a record may have', () => {
    const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, at) => [`f${at}`, at]));
    expect(Object.keys(readFields(many))).toHaveLength(limits.fieldsPerRecord);
  });

  it('truncates names and texts', () => {
    const [[name, value] = []] = Object.entries(readFields({ ['n'.repeat(1_000)]: 'v'.repeat(100_000) }));
    expect(name).toHaveLength(limits.labelNameLength);
    expect(value).toHaveLength(limits.fieldLength);
  });

  it('bounds a nested value, however large or deep', () => {
    let deep: unknown = 1;
    for (let depth = 0; depth < 100_000; depth++) deep = [deep];
    const fields = readFields({ deep, wide: Array.from({ length: 100_000 }, () => 'x'.repeat(10)) });
    for (const text of Object.values(fields))
      expect(String(text).length).toBeLessThanOrEqual(limits.fieldLength);
    expect(Object.keys(fields)).toEqual(['deep', 'wide']);
  });

  it('reads no more of a nested value than a field may contain', () => {
    let reads = 0;
    const text = () => {
      reads++;
      return 'x'.repeat(1_000_000);
    };
    const list = Array.from({ length: 1_000 }, () =>
      Object.defineProperty({}, 'a', { enumerable: true, get: text }),
    );
    expect(String(readFields({ list })['list']).length).toBeLessThanOrEqual(limits.fieldLength);
    expect(reads).toBeLessThan(5);
  });

  it('never exceeds the budget', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.anything()), fc.nat(60), (input, budget) => {
        const fields = Object.entries(readFields(input, budget));
        const size = fields.reduce((sum, [name, value]) => sum + name.length + String(value).length, 0);
        expect(size).toBeLessThanOrEqual(budget);
      }),
    );
  });

  it('spends the budget on the first fields', () => {
    expect(readFields({ a: 'x'.repeat(5), b: 'y'.repeat(50), c: 1 }, 12)).toEqual({
      a: 'xxxxx',
      b: 'yyyy\u2026',
    });
  });

  it.each(Object.entries(hostile))('never throws: %s', (_, make) => {
    expect(readFields(make())).toBeTypeOf('object');
    const { value, list } = readFields({ value: make(), list: [make(), 1] });
    expect([value, list].map((one) => typeof one)).toEqual(['string', 'string']);
    expect(list).toMatch(/,1\]$/);
  });

  it.each([undefined, null, 7, 'text', Symbol('s'), () => 1])('finds no fields in %o', (input) => {
    expect(readFields(input)).toEqual({});
  });

  it('returns flat values for anything', () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withNullPrototype: true, withDate: true }), (input) => {
        for (const value of Object.values(readFields(input)))
          expect(value === null || ['string', 'number', 'boolean'].includes(typeof value)).toBe(true);
      }),
    );
  });

  it('does not let an input reach a prototype', () => {
    const fields = readFields(JSON.parse('{"__proto__":{"polluted":1},"a":1}'));
    expect(fields).toEqual({ a: 1 });
    expect(Object.getPrototypeOf(fields)).toBe(Object.prototype);
  });
});

describe('in a page that gives every value a toJSON', () => {
  const prototypes = [Array.prototype, Object.prototype, String.prototype];
  afterEach(() => {
    for (const prototype of prototypes) Reflect.deleteProperty(prototype, 'toJSON');
  });

  it.each(['returns something else', 'throws'])('reads the same fields: it %s', (kind) => {
    const input = { list: [1, { a: ['b'] }], text: 'x', when: new Date(0), object: { c: [] } };
    const before = readFields(input);
    for (const prototype of prototypes) {
      Object.defineProperty(prototype, 'toJSON', {
        configurable: true,
        value: () => {
          if (kind === 'throws') throw new Error('toJSON');
          return 'replaced';
        },
      });
    }
    const after = readFields(input);
    for (const prototype of prototypes) Reflect.deleteProperty(prototype, 'toJSON');
    expect(after).toEqual(before);
    expect(after['list']).toBe('[1,{"a":["b"]}]');
  });
});
