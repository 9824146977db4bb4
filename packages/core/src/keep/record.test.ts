import { describe, expect, it } from 'vitest';
import { entryOf } from '../room.fixture';
import { toJson } from './entry';
import { isEntry } from './record';

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
