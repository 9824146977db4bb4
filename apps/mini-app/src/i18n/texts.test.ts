import { describe, expect, it } from 'vitest';
import { en } from './en';
import { ru } from './ru';

type Leaf = readonly [path: string, text: string];

/** Every text under its path; those with gaps are filled with samples. */
function leaves(node: unknown, path = ''): Leaf[] {
  if (typeof node === 'string') return [[path, node]];
  if (typeof node === 'function') return [[path, String(node(5, 'X', '+2'))]];
  if (typeof node !== 'object' || node === null) throw new TypeError(`${path} is no text: ${String(node)}`);
  return Object.entries(node).flatMap(([key, child]) => leaves(child, path ? `${path}.${key}` : key));
}

const russian = new Map(leaves(ru));
const english = new Map(leaves(en));

/** Shown in English only, beside the transcription. */
const onlyEnglish = /^games\.\w+\.russian$/;

describe('the dictionaries', () => {
  it('have the same texts', () => {
    expect([...russian.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it.each([...english].filter(([path]) => !onlyEnglish.test(path)))('%s is said in both', (path, text) => {
    const other = russian.get(path) ?? '';
    expect(text).not.toBe('');
    expect(text).not.toMatch(/[а-яё]/i);
    expect(other).not.toBe(text);
    if (path !== 'tabs.api-lab') expect(other).toMatch(/[а-яё]/i);
  });

  it('put what they are given into the gaps', () => {
    for (const texts of [en, ru]) {
      expect(texts.table.potted(7, 'Z', '+2')).toMatch(/7.*Z.*\+2/);
      expect(texts.table.pot(9)).toContain('9');
      expect(texts.result.wins('Z')).toContain('Z');
    }
  });

  it('count balls as each language does', () => {
    expect([1, 2, 5, 21].map(ru.table.ballsLeft)).toEqual([
      'ещё 1 шар',
      'ещё 2 шара',
      'ещё 5 шаров',
      'ещё 21 шар',
    ]);
    expect([1, 2].map(en.table.ballsLeft)).toEqual(['1 ball left', '2 balls left']);
  });
});
