import { launchFields, spell } from '@artel/test-support/fakes/telegramLaunch';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyFields } from '../../fixtures/telegram';
import { parseInitData } from './parseInitData';

describe('what Telegram writes', () => {
  it('is read field by field, whoever encodes it', () => {
    fc.assert(
      fc.property(anyFields, (fields) => {
        // Telegram's server and most clients, and what URLSearchParams makes of the same.
        expect(Object.fromEntries(parseInitData(spell(fields)) ?? [])).toEqual(fields);
        expect(Object.fromEntries(parseInitData(String(new URLSearchParams(fields))) ?? [])).toEqual(fields);
      }),
    );
  });

  it('may be empty in a field, and bears a name that objects know', () => {
    expect(parseInitData('signature=&__proto__=x&constructor=y')).toEqual(
      new Map([
        ['signature', ''],
        ['__proto__', 'x'],
        ['constructor', 'y'],
      ]),
    );
  });
});

describe('what Telegram would not write is not read:', () => {
  const good = spell(launchFields());
  it.each([
    ['nothing', ''],
    ['a field twice', `${good}&auth_date=1`],
    ['a field twice, once escaped', `${good}&%61uth_date=1`],
    ['a letter escaped', good.replace('private', '%70rivate')],
    ['a digit escaped', good.replace('auth_date=1', 'auth_date=%31')],
    ['an underscore escaped', good.replace('canary_start', 'canary%5Fstart')],
    ['lower-case escapes', good.replace('%7B', '%7b')],
    ['half an escape', good.replace('%7B', '%7')],
    ['what is not UTF-8', `${good}&x=%FF`],
    ['UTF-8 longer than need be', `${good}&x=%C0%AF`],
    ['half a surrogate pair', `${good}&x=%ED%A0%80`],
    ['spaces in two spellings', `${good}&x=a+b`],
    ['bare braces and quotes', `${good}&x={"a":1}`],
    ['bare letters beyond ASCII', `${good}&x=ё`],
    ['a bare space', `${good}&x=a b`],
    ['a line feed, which would make one field of two', 'a=1%0Ab=2'],
    ['a null', `${good}&x=%00`],
    ['no equals sign', `${good}&x`],
    ['two equals signs', `${good}&x=a=b`],
    ['no name', `${good}&=1`],
    ['an ampersand too many', `${good}&`],
    ['a question mark in front', `?${good}`],
    ['a name with a dot', `${good}&a.b=1`],
    ['too many fields', Array.from({ length: 33 }, (_, at) => `f${at}=1`).join('&')],
    ['too much', `${good}&x=${'x'.repeat(8_192)}`],
  ])('%s', (_, initData) => {
    expect(parseInitData(initData)).toBeUndefined();
  });

  it('while anything at all does no harm', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (initData) => {
        parseInitData(initData);
      }),
    );
  });
});
