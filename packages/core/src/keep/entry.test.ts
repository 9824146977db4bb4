import { afterEach, describe, expect, it } from 'vitest';
import { entryOf } from '../room.fixture';
import { entryKey, isEntry, makeEntry, producerOf, toJson } from './entry';

afterEach(() => {
  Reflect.deleteProperty(Array.prototype, 'toJSON');
});

const facts = {
  events: 2,
  counts: [[2], [], []],
  priority: 1,
  at: 5,
  user: 'ann',
  drops: { invalid: 1 },
} as const;

describe('an entry', () => {
  it('has its identity, its player and the drops that it reports in its body', () => {
    const entry = makeEntry({ producer: 'p', seq: 3 }, facts, { metrics: [{ name: 'taps_total' }] } as never);
    expect(JSON.parse(entry.body)).toEqual({
      metrics: [{ name: 'taps_total' }],
      producer: 'p',
      seq: 3,
      user: 'ann',
      dropped: { invalid: 1 },
    });
    expect(entry).toMatchObject({ ...facts, producer: 'p', seq: 3, waited: 0 });
  });

  it('is measured in bytes of UTF-8', () => {
    const entry = makeEntry({ producer: 'p', seq: 1 }, facts, { metrics: [], page: 'шар' } as never);
    expect(entry.bytes).toBe(new TextEncoder().encode(entry.body).length);
  });

  it('has a key that names its producer, whatever the producer is called', () => {
    expect(entryKey({ producer: 'a.1', seq: 12 })).toBe('a.1.12');
    expect(producerOf('a.1.12')).toBe('a.1');
  });
});

describe('JSON', () => {
  it('is that of JSON.stringify, without what is undefined', () => {
    const value = { text: 'a"\n\ud83c', list: [1, null, [true]], none: undefined, nested: { 'a"b': -0.5 } };
    expect(toJson(value)).toBe(JSON.stringify(value));
    expect(toJson(undefined)).toBe('null');
  });

  it('is untouched by the toJSON that an old library puts on arrays', () => {
    Object.defineProperty(Array.prototype, 'toJSON', { configurable: true, value: () => 'broken' });
    expect(toJson({ list: [1, ['a']] })).toBe('{"list":[1,["a"]]}');
  });
});

describe('what storage returns', () => {
  it('is an entry when it is one, under its own key', () => {
    expect(isEntry(entryOf(), 'p.1')).toBe(true);
    expect(isEntry(structuredClone(entryOf({ drops: { age: 2 } })), 'p.1')).toBe(true);
    expect(isEntry(JSON.parse(toJson(entryOf())), 'p.1')).toBe(true);
    expect(isEntry(entryOf(), 'p.2')).toBe(false);
  });

  it.each([
    [{ producer: 5 }],
    [{ seq: 1.5 }],
    [{ body: '' }],
    [{ body: 'truncated' }],
    [{ events: Number.NaN }],
    [{ events: -1 }],
    [{ events: '1' }],
    [{ bytes: 1e15 }],
    [{ priority: undefined }],
    [{ counts: null }],
    [{ counts: [null] }],
    [{ counts: [[-1]] }],
    [{ drops: { age: 'many' } }],
    [{ at: Number.NaN }],
    [{ at: undefined }],
    [{ waited: Number.POSITIVE_INFINITY }],
  ])('is no entry with %j', (wrong) => {
    const value = { ...entryOf(), ...wrong };
    expect(isEntry(value, `${value.producer}.${value.seq}`)).toBe(false);
  });

  it.each([null, undefined, 5, 'text', []])('is no entry if it is %j', (value) => {
    expect(isEntry(value, 'undefined.undefined')).toBe(false);
  });
});
