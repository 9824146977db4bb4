import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { boards } from './boards';
import { dashboardsFolder, fileOf, textOf } from './folder';

it('are checked in as they are generated, byte for byte', () => {
  for (const board of boards) {
    const checkedIn = readFileSync(join(dashboardsFolder, fileOf(board)), 'utf8');
    expect(checkedIn, `${fileOf(board)}: npm run dashboards writes it`).toBe(textOf(board));
  }
});

it('are all that is checked in', () => {
  const files = readdirSync(dashboardsFolder, { recursive: true, encoding: 'utf8' });
  expect(files.filter((file) => file.endsWith('.json')).sort()).toEqual(boards.map(fileOf).sort());
});

it('are generated alike each time', () => {
  expect(boards.map(textOf)).toEqual(boards.map(textOf));
});
