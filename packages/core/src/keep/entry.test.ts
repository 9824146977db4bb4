import { afterEach, describe, expect, it } from 'vitest';
import { entryKey, makeEntry, toJson } from './entry';
import { producerOf } from './record';

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
