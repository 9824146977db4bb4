import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { limits } from '../limits';
import { describeError, isError } from './describe';

describe('isError', () => {
  it.each([
    ['an error', () => new TypeError('x')],
    ['an error of another realm', () => runInNewContext(`new RangeError('x')`)],
    ['a DOMException', () => new DOMException('x', 'AbortError')],
  ])('recognises %s', (_, make) => {
    expect(isError(make())).toBe(true);
  });

  it.each([
    ['a text', () => 'Error'],
    ['null', () => null],
    ['a function', () => () => 1],
    ['an object with a name and a message', () => ({ name: 'Ann', message: 'hello' })],
    ['a revoked proxy', revoked],
  ])('does not take %s for one', (_, make) => {
    expect(isError(make())).toBe(false);
  });
});

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

describe('describeError', () => {
  it('returns name, message and stack of an error', () => {
    const error = new TypeError('x');
    expect(describeError(error)).toEqual({ name: 'TypeError', message: 'x', stack: error.stack });
  });

  it('describes an error of another realm like its own', () => {
    const foreign: unknown = runInNewContext(`new RangeError('x', { cause: new TypeError('y') })`);
    expect(describeError(foreign)).toMatchObject({
      name: 'RangeError',
      message: 'x (caused by TypeError: y)',
      stack: expect.stringContaining('RangeError: x'),
    });
  });

  it('names a DOMException by its own name', () => {
    expect(describeError(new DOMException('gone', 'AbortError'))).toMatchObject({
      name: 'AbortError',
      message: 'gone',
    });
  });

  it('includes the chain of causes', () => {
    const error = new Error('a', { cause: new TypeError('b', { cause: new RangeError('c') }) });
    expect(describeError(error).message).toBe('a (caused by TypeError: b (caused by RangeError: c))');
  });

  it('includes the errors of an AggregateError', async () => {
    const any = Promise.any([Promise.reject(new TypeError('a')), Promise.reject('b')]);
    const error: unknown = await any.catch((reason: unknown) => reason);
    expect(describeError(error)).toMatchObject({
      name: 'AggregateError',
      message: 'All promises were rejected (caused by TypeError: a; b)',
    });
  });

  it('includes a cause that is not an error, with private names filtered', () => {
    const cause = { code: 'E1', token: 's3cret' };
    expect(describeError(new Error('a', { cause })).message).toBe(
      'a (caused by {"code":"E1","token":"[Filtered]"})',
    );
    expect(describeError(new Error('a', { cause: null })).message).toBe('a');
  });

  it('is bounded in the depth and the number of causes', () => {
    let chain = new Error('first');
    for (let at = 0; at < 1_000; at++) chain = new Error('x'.repeat(1_000), { cause: chain });
    const errors = Array.from({ length: 1_000 }, () => new Error('y'));
    for (const error of [chain, new AggregateError(errors, 'all')]) {
      const { message } = describeError(error);
      expect(message.length).toBeLessThanOrEqual(limits.messageLength);
      expect(message.match(/Error: /g)?.length ?? 0).toBeLessThan(10);
    }
  });

  it('mentions each error of a cycle once', () => {
    const one = new Error('one');
    const two = new Error('two', { cause: one });
    one.cause = two;
    expect(describeError(one).message).toBe('one (caused by Error: two)');
  });

  it('truncates long texts', () => {
    const error = Object.assign(new Error('m'.repeat(1_000_000)), {
      name: 'n'.repeat(1_000),
      stack: 's'.repeat(1_000_000),
    });
    const { name, message, stack = '' } = describeError(error);
    expect([name, message, stack].map((text) => text.length)).toEqual([
      limits.nameLength,
      limits.messageLength,
      limits.fieldLength,
    ]);
  });

  it.each([
    ['a text', 'a text'],
    [undefined, 'undefined'],
    [null, 'null'],
    [Number.NaN, 'NaN'],
    [10n, '10'],
    [Symbol('s'), 'Symbol(s)'],
    [{ code: 7, token: 't' }, '{"code":7,"token":"[Filtered]"}'],
    [[1, { toJSON: () => 2 }], '[1,2]'],
    [Object.create(null), '{}'],
    [new Date(0), '1970-01-01T00:00:00.000Z'],
  ])('describes a thrown %o as text', (thrown, message) => {
    expect(describeError(thrown)).toEqual({ name: 'NonError', message });
  });

  it('gives an error without a name or a text for a message both', () => {
    const error = Object.assign(new Error('x'), { name: '', message: { code: 7 } });
    expect(describeError(error)).toMatchObject({ name: 'Error', message: '{"code":7}' });
  });

  it('keeps the message when only a cause cannot be read', () => {
    const error = Object.defineProperty(new Error('x'), 'cause', {
      get: () => {
        throw new Error('no');
      },
    });
    expect(describeError(error)).toMatchObject({ name: 'Error', message: 'x (caused by [unreadable])' });
    expect(describeError(new Error('x', { cause: revoked() })).message).toBe('x (caused by [unreadable])');
  });

  it.each([
    ['a revoked proxy', revoked],
    [
      'an error whose message throws',
      () =>
        Object.defineProperty(new Error('x'), 'message', {
          get: () => {
            throw new Error('no');
          },
        }),
    ],
    [
      'an error whose name has no text',
      () => Object.assign(new Error('x'), { name: Object.create(null) as string }),
    ],
  ])('never throws: %s', (_, make) => {
    expect(describeError(make()).message).toBe('an error that cannot be read');
  });
});
