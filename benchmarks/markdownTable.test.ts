import { expect, it } from 'vitest';
import { markdownTable, short } from './markdownTable';

it('aligns the first column to the left and the others to the right, as the formatter does', () => {
  const table = markdownTable(
    ['kB', 'all', ''],
    [
      ['ours', 9, 'met'],
      ['Grafana Faro', 36.3, ''],
    ],
  );
  expect(table).toBe(
    [
      '| kB           |  all |      |',
      '| ------------ | ---: | ---: |',
      '| ours         |    9 |  met |',
      '| Grafana Faro | 36.3 |      |',
    ].join('\n'),
  );
});

it.each([
  [0.456, '0.46'],
  [12.34, '12.3'],
  [1_783.2, '1783'],
])('gives %d about three digits', (value, text) => {
  expect(short(value)).toBe(text);
});
