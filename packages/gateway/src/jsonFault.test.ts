import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonFault } from './jsonFault';

function messageOf(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
}

describe('the place where a text stops being JSON', () => {
  it.each([
    ['nope', 0],
    ['hello', 0],
    ['{"metrics":[}', 12],
    ['{"metrics":[{"name":"a"},]}', 25],
    ['{"a":1,}', 7],
    ['{"a" 1}', 5],
    ['{a:1}', 1],
    ['[1 2]', 3],
    ['[] []', 3],
    ['"\n"', 1],
    ['"\\x"', 1],
    ['{"a":', 5],
    ['"open', 5],
    ['01', 1],
    ['', 0],
  ])('is found in %j', (text, position) => {
    expect(messageOf(text)).toBeDefined();
    expect(jsonFault(text).position).toBe(position);
  });

  it('is where V8 says it is, or at the start of that token, whenever V8 says it', () => {
    const broken = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom(',', '}', ']', '"', ':', 'x', ' ', '\\'))
      .map(([text, at, char]) => {
        const cut = at % (text.length + 1);
        return text.slice(0, cut) + char + text.slice(cut + 1);
      });
    fc.assert(
      fc.property(broken, (text) => {
        const said = / at position (\d+)/.exec(messageOf(text) ?? '')?.[1];
        fc.pre(said !== undefined && !/escape|Unterminated|number/i.test(messageOf(text) ?? ''));
        const { position } = jsonFault(text);
        expect(position).toBeLessThanOrEqual(Number(said));
        expect(text.slice(position, Number(said))).toMatch(/^[^\s,:{}[\]]*$/);
      }),
      { numRuns: 500 },
    );
  });
});
