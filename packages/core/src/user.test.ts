import { describe, expect, it, vi } from 'vitest';
import { createScrubber } from './record/scrubber';
import { createUser } from './user';

function openUser() {
  const report = vi.fn();
  const onUser = vi.fn();
  const scrub = createScrubber();
  const user = createUser({ scrub, report, producer: () => 'here', onUser });
  const beforeChange = vi.fn();
  return { user, scrub, report, onUser, beforeChange, set: (id: unknown) => user.set(id, beforeChange) };
}

const anonymous = { user: undefined, producer: 'here' };

describe('the user', () => {
  it.each([
    ['alice', 'alice'],
    [42, '42'],
    [0, '0'],
  ])('takes %j', (id, text) => {
    const { user, onUser, set } = openUser();
    set(id);
    expect(user.id).toBe(text);
    expect(onUser.mock.calls).toEqual([[text]]);
  });

  it.each([null, undefined, ''])('signs out with %j', (nobody) => {
    const { user, onUser, set } = openUser();
    set('alice');
    user.token = 'token';
    set(nobody);
    expect([user.id, user.token]).toEqual([undefined, undefined]);
    expect(onUser.mock.calls).toEqual([['alice'], [undefined]]);
  });

  it.each([
    {},
    [],
    ['alice'],
    true,
    false,
    5n,
    Symbol('s'),
    Number.NaN,
    Number.POSITIVE_INFINITY,
    () => 'alice',
    Object.create(null),
  ])('refuses what is no id, and says so: %#', (wrong) => {
    const { user, report, beforeChange, set } = openUser();
    set('alice');
    beforeChange.mockClear();
    set(wrong);
    expect(user.id).toBe('alice');
    expect(beforeChange).not.toHaveBeenCalled();
    expect(report).toHaveBeenCalledExactlyOnceWith('user', typeof wrong);
  });

  it('changes once what was recorded under the old one is closed, and only if it is another', () => {
    const { user, set, beforeChange } = openUser();
    set('alice');
    beforeChange.mockImplementation(() => expect(user.id).toBe('alice'));
    set('bob');
    set('bob');
    expect(beforeChange).toHaveBeenCalledTimes(2);
  });

  it('shortens a long id', () => {
    const { user, set } = openUser();
    set('a'.repeat(1_000));
    expect(user.id).toHaveLength(128);
  });

  it('is unknown while its id may be private, until the patterns say that it is not', () => {
    const { user, scrub, onUser, set } = openUser();
    set('YWxpY2U=');
    expect(user.id).toBeUndefined();
    scrub.full = (text) => text;
    user.scrub();
    expect(user.id).toBe('YWxpY2U=');
    expect(onUser.mock.calls).toEqual([['YWxpY2U=']]);
  });

  it('survives a listener that throws', () => {
    const { user, onUser, set } = openUser();
    onUser.mockImplementation(() => {
      throw new Error('theirs');
    });
    expect(() => set('alice')).not.toThrow();
    expect(user.id).toBe('alice');
  });
});

describe('the token', () => {
  it('makes its subject the user, unless the app has set one', () => {
    const { user, set } = openUser();
    user.signIn('t1', 'alice');
    expect(user.id).toBe('alice');
    user.signIn('t2', 'bob');
    expect(user.id).toBe('bob');
    set('carol');
    user.signIn('t3', 'dave');
    expect(user.id).toBe('carol');
  });

  it('goes with the user’s batches, and with none of another’s', () => {
    const { user } = openUser();
    user.signIn('token', 'alice');
    expect(user.tokenFor({ user: 'alice', producer: 'there' })).toBe('token');
    expect(user.tokenFor({ user: 'bob', producer: 'here' })).toBeUndefined();
  });

  it('goes with what this page recorded before it knew the user, and not with what an earlier page left', () => {
    const { user } = openUser();
    user.signIn('token', 'alice');
    expect(user.tokenFor(anonymous)).toBe('token');
    expect(user.tokenFor({ ...anonymous, producer: 'there' })).toBeUndefined();
  });

  it('goes with nothing anonymous once the app has named a user: it may be the one before', () => {
    const { user, set } = openUser();
    set('alice');
    user.signIn('token', 'alice');
    expect(user.tokenFor(anonymous)).toBeUndefined();
  });

  it('is gone when the user changes', () => {
    const { user, set } = openUser();
    user.signIn('token', 'alice');
    set('bob');
    expect(user.tokenFor({ user: 'bob', producer: 'here' })).toBeUndefined();
  });
});
