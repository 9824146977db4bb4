import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findSuspicion } from './findSuspicion';

const ATTACK = "' OR '1'='1";

describe('what somebody has sent', () => {
  it('is walked through objects, lists and keys, and the way to what was found is told', () => {
    expect(findSuspicion({ body: { filter: [{ name: 'Anna' }, { name: ATTACK }] } })).toMatchObject({
      kind: 'sql_injection',
      where: 'body.filter.1.name',
      isPrivate: false,
    });
    expect(findSuspicion({ query: { '<script>alert(1)</script>': '1' } })).toMatchObject({ kind: 'xss' });
    expect(findSuspicion({ name: "O'Reilly", note: 'select a table; then cat' })).toBeUndefined();
  });

  it('has nothing of its values in the way', () => {
    const { where = '' } = findSuspicion({ 'a b\n=secret': { name: ATTACK } }) ?? {};
    expect(where).toBe('a?b??secret.name');
  });

  it('is known as a secret by its name', () => {
    expect(findSuspicion({ password: ATTACK })).toMatchObject({ where: 'password', isPrivate: true });
  });

  it('is told of by the worst that is in it', () => {
    const union = "1' UNION SELECT NULL,login FROM information_schema.tables--";
    expect(findSuspicion([ATTACK, union, ATTACK])).toMatchObject({ where: '1' });
  });

  it('is not walked without end', () => {
    const circle: Record<string, unknown> = {};
    circle['circle'] = circle;
    expect(findSuspicion(circle)).toBeUndefined();
    let read = 0;
    const wide = Array.from({ length: 10_000 }, () => ({
      get name() {
        read++;
        return 'x';
      },
    }));
    expect(findSuspicion(wide)).toBeUndefined();
    expect(read).toBeLessThanOrEqual(500);
  });

  it('never makes it throw', () => {
    const trap = {
      get name(): string {
        throw new Error('no');
      },
    };
    expect(findSuspicion({ before: ATTACK, trap })).toMatchObject({ where: 'before' });
    const refusing = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('no');
        },
      },
    );
    expect(findSuspicion(refusing)).toBeUndefined();
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withNullPrototype: true, withTypedArray: true }),
        (data) => void findSuspicion(data),
      ),
    );
  });
});
