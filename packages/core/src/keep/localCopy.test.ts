import { describe, expect, it } from 'vitest';
import { entryOf, openPage } from '../room.fixture';
import { createLocalCopy } from './localCopy';

const setUp = () => {
  const opened = openPage();
  const copyOf = (owner: string) =>
    createLocalCopy({ environment: opened.environment, namespace: 'test', owner: () => owner });
  return { ...opened, copyOf, copy: copyOf('p') };
};

describe('the local copy', () => {
  it('gives another page what it was given', () => {
    const { copy, copyOf } = setUp();
    const entries = [entryOf(), entryOf({ seq: 2, body: '{"метка":"\\"\\n"}', bytes: 20 })];
    copy.write(entries);
    expect(copy.works).toBe(true);
    expect(copyOf('other').owners()).toEqual(['p']);
    expect(copyOf('other').read('p')).toEqual(
      entries.map((entry) => expect.objectContaining({ seq: entry.seq, body: entry.body })),
    );
  });

  it('keeps the newest where not all fit', () => {
    const { copy } = setUp();
    const body = `{"${'x'.repeat(200_000)}":1}`;
    copy.write([1, 2, 3].map((seq) => entryOf({ seq, body })));
    expect(copy.read('p').map((entry) => Object(entry).seq)).toEqual([2, 3]);
  });

  it('is erased by an empty list, and never written by one', () => {
    const { device, copy } = setUp();
    copy.write([]);
    expect(copy.works).toBeUndefined();
    copy.write([entryOf()]);
    copy.write([]);
    expect(Object.keys(device.localStorage)).toEqual([]);
  });

  it.each(['full', 'blocked'] as const)('does not work where localStorage is %s, and says so', (quota) => {
    const { device, copy } = setUp();
    device.quota = quota;
    copy.write([entryOf()]);
    expect(copy.works).toBe(false);
    expect(copy.read('p')).toEqual([]);
    if (quota === 'blocked') expect(copy.owners()).toEqual([]);
    device.quota = 'works';
    copy.write([entryOf()]);
    expect(copy.works).toBe(true);
  });

  it.each(['', '[{"producer":"p"', 'null', '{}', '5'])('reads nothing from %j', (text) => {
    const { device, copy } = setUp();
    device.localStorage.setItem('test:p', text);
    expect(copy.read('p')).toEqual([]);
  });
});
