import { EventEmitter, once } from 'node:events';
import { PassThrough } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import {
  currentRequestContext,
  holdRequestContext,
  setRequestContext,
  withRequestContext,
} from './requestContext';

it('is there in promises, timers and callbacks that begin within it, and nowhere else', async () => {
  const seen = await withRequestContext({ requestId: 'a' }, async () => {
    await wait(1);
    const byTimer = await new Promise((resolve) => setTimeout(() => resolve(currentRequestContext()), 1));
    const byTick = await new Promise((resolve) => process.nextTick(() => resolve(currentRequestContext())));
    return [currentRequestContext(), byTimer, byTick];
  });
  expect(seen).toEqual([{ requestId: 'a' }, { requestId: 'a' }, { requestId: 'a' }]);
  expect(currentRequestContext()).toEqual({});
});

it('keeps a hundred parallel requests apart', async () => {
  const work = (index: number) =>
    withRequestContext({ requestId: `r-${index}` }, async () => {
      await wait(Math.random() * 5);
      setRequestContext({ userId: `u-${index}` });
      await wait(Math.random() * 5);
      return currentRequestContext();
    });
  const all = await Promise.all(Array.from({ length: 100 }, (_, index) => work(index)));
  expect(all).toEqual(all.map((_, index) => ({ requestId: `r-${index}`, userId: `u-${index}` })));
});

it('inherits from the outer context and gives nothing back', () => {
  withRequestContext({ requestId: 'a', userId: '1' }, () => {
    withRequestContext({ sessionId: 's' }, () => {
      setRequestContext({ userId: '2' });
      expect(currentRequestContext()).toEqual({ requestId: 'a', userId: '2', sessionId: 's' });
    });
    expect(currentRequestContext()).toEqual({ requestId: 'a', userId: '1' });
  });
});

it('answers what the work answers and lets its error pass', () => {
  expect(withRequestContext({ requestId: 'a' }, () => 7)).toBe(7);
  expect(() =>
    withRequestContext({ requestId: 'a' }, () => {
      throw new RangeError('x');
    }),
  ).toThrow(RangeError);
  setRequestContext({ userId: 'nobody' });
  expect(currentRequestContext()).toEqual({});
});

it('can be entered again where an emitter or a stream from elsewhere has lost it', async () => {
  const emitter = new EventEmitter();
  const stream = new PassThrough();
  const held = holdRequestContext({ requestId: 'held' });
  const seen: unknown[] = [];
  held.enter(() => {
    stream.on('data', () => held.enter(() => seen.push(currentRequestContext())));
    emitter.on('go', () => held.enter(() => seen.push(currentRequestContext())));
  });
  emitter.emit('go');
  stream.end('chunk');
  await once(stream, 'close');
  expect(seen).toEqual([{ requestId: 'held' }, { requestId: 'held' }]);
});
