import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createMessageReader } from './stream';

it('reads the same messages however the stream is cut', () => {
  const messages = fc.array(fc.record({ event: fc.constantFrom('update', 'denied'), data: fc.json() }), {
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(messages, fc.array(fc.nat(400), { maxLength: 12 }), (list, cuts) => {
      const text = list.map(({ event, data }) => `event: ${event}\ndata: ${data}\n\n`).join('');
      const read: { event: string; data: string }[] = [];
      const feed = createMessageReader((event, data) => read.push({ event, data }));
      const places = [...cuts.map((cut) => cut % (text.length + 1)), 0, text.length].sort((a, b) => a - b);
      for (const [at, place] of places.entries()) feed(text.slice(places[at - 1] ?? 0, place));
      expect(read).toEqual(list);
    }),
  );
});

it('holds back a message that is not whole yet', () => {
  const read: string[] = [];
  const feed = createMessageReader((_event, data) => read.push(data));
  feed('event: update\ndata: {"a":1}\n');
  expect(read).toEqual([]);
  feed('\n');
  expect(read).toEqual(['{"a":1}']);
});
