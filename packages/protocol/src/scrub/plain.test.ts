import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lookalikeLines, ordinaryLines, privateLines } from '../../fixtures/scrubTable';
import { isPlain } from './plain';
import { scrubThoroughly } from './text';

describe('isPlain', () => {
  it.each([
    "Cannot read properties of undefined (reading 'x')",
    'x is not a function. (In "x()", "x" is undefined)',
    `Unexpected token '<', "<!DOCTYPE "... is not valid JSON`,
    '\u041d\u0435 \u0443\u0434\u0430\u043b\u043e\u0441\u044c: \u00ab\u0448\u0430\u0440\u00bb \u2014 7; 1 500 \u20bd \u{1f3b1}',
    'a & b | c * d + e ~ f ^ g <T> $1 [0] {x}; is it? #7!',
    'TypeError: x is not a function\n    at GameRoom (https://app.test/assets/index-12345678.js:1:2345)',
    'shoot@https://app.test/assets/index-B3x9fQ2k.js:41:10233\nglobal code@https://app.test/a.js:1:1',
    'at Object.<anonymous> (/home/app/src/game/room.ts:41:13)',
    'win rate 63.25, v1.2.3, at 1764055546123',
    '2026-11-25 07:15:46 +0300 INFO lobby opened',
  ])('is true for %j', (text) => {
    expect(isPlain(text)).toBe(true);
    expect(scrubThoroughly(text)).toBe(text);
  });

  it.each([
    'see https://app.test/?',
    'https://app.test/#top',
    '"hash":"x"',
    "{ password: 'hunter2' }",
    'user: {"id" 1}',
    'a@b.co',
    '+7 916 123-45-67',
    'dial (916) 123-45-67',
    '89161234567',
    '4111-1111-1111-1111',
    '378282246310005',
    '203.0.113.7',
    'Basic dTpw',
    'T.ME/ivan',
  ])('is false for %j', (text) => {
    expect(isPlain(text)).toBe(false);
  });

  it('is true only for texts that scrubbing leaves as they are', () => {
    const lines = [...privateLines.map(({ text }) => text), ...ordinaryLines, ...lookalikeLines];
    const pieces = fc.oneof(
      fc.string(),
      fc.string({
        unit: fc.constantFrom(...`"'\`\\{}[]()<>=:;&|?#%+*~^$!@.,-_/ \n\t012345678ab\u0431\u2014`),
      }),
      fc.string({ unit: fc.constantFrom(...'+(78) -9160\u00a0\u2011') }),
      fc.string({ unit: fc.constantFrom(...'0123456789- ') }),
      fc.string({ unit: fc.constantFrom(...'.0129:/ab') }),
      // Pieces of real lines: any of them may meet any other.
      fc
        .tuple(fc.constantFrom(...lines), fc.nat(400), fc.integer({ min: 1, max: 40 }))
        .map(([line, from, length]) => line.slice(from % line.length).slice(0, length)),
      fc.constantFrom('://', 'https://a.test', '?', '#', '@', '.', ':', '::', ' ', "'", '"', '{', '=', '%'),
      fc.constantFrom(
        'user',
        'chat',
        'receiver',
        'token',
        'hash',
        'key',
        '"id"',
        'password',
        'authorization',
      ),
      fc.constantFrom('tma', 'Bearer', 'basic', 'eyJhbGciOi', '.eyJzdWIiOi', 't.me/', 'T.ME', 'tgWebAppData'),
      fc.constantFrom('123456789', 'AAExampleTokenOfABot_0123456789abc', '7916', '123-45-67', '4111', '1111'),
      // Too long to arise by chance.
      fc.constantFrom('"token":abc', 'user: {"id" 1', '1:2:3:4:5:6:7:8', 'ann\\u0040mail.test'),
      fc.constantFrom('(916) 123-45-67', `123456789:${'a'.repeat(30)}`, '+44 20 7946 0958', '89161234567'),
      fc.constantFrom(
        '203.0.',
        '113.7',
        '2001:db8',
        'fe80',
        'first_name',
        'auth_date',
        'ivan',
        'example.com',
      ),
    );
    fc.assert(
      fc.property(
        fc.array(pieces, { maxLength: 6 }),
        fc.constantFrom('', '', ' ', ':', '/'),
        (all, joint) => {
          const text = all.join(joint);
          if (isPlain(text)) expect(scrubThoroughly(text)).toBe(text);
        },
      ),
      { numRuns: 10_000 },
    );
  });

  it('is true for most ordinary lines', () => {
    expect(ordinaryLines.filter(isPlain).length).toBeGreaterThan(ordinaryLines.length / 2);
  });
});
