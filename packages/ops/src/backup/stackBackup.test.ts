import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { testFolder } from '../../fixtures/runProgram';
import { BackupError, type BackupPart, type PartName } from './backupPart';
import { replaceFolder } from './replaceFolder';
import { backUpStack, restoreStack } from './stackBackup';

interface Shelf extends BackupPart {
  readonly place: string;
  read(): string;
}

/** A server whose whole data is one file. */
function createShelf(root: string, name: PartName, text: string): Shelf {
  const place = join(root, name);
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, 'data'), text);
  return {
    name,
    place,
    read: () => readFileSync(join(place, 'data'), 'utf8'),
    async backUp(folder) {
      mkdirSync(folder);
      writeFileSync(join(folder, 'data'), readFileSync(join(place, 'data')));
    },
    prepare: (folder) => replaceFolder(folder, place),
  };
}

async function open(text: string) {
  const root = testFolder();
  const shelves = [createShelf(root, 'prometheus', text), createShelf(root, 'redis', text)];
  const set = join(root, 'set');
  await backUpStack(shelves, set);
  for (const { place } of shelves) writeFileSync(join(place, 'data'), 'newer');
  return { root, set, shelves, read: () => shelves.map((shelf) => shelf.read()) };
}

it('puts every part back, and keeps what was there', async () => {
  const { set, shelves, read } = await open('old');
  const restored = await restoreStack(shelves, set);
  expect(read()).toEqual(['old', 'old']);
  expect(restored.map(({ before }) => readFileSync(join(before ?? '', 'data'), 'utf8'))).toEqual([
    'newer',
    'newer',
  ]);
});

it('puts the first back as it was when the second cannot be put in its place', async () => {
  const { set, shelves, read } = await open('old');
  const [first, second] = shelves;
  if (!first || !second) throw new Error('expected two shelves');
  const broken: BackupPart = {
    ...second,
    async prepare(folder) {
      const work = await second.prepare(folder);
      return { ...work, commit: () => Promise.reject(new BackupError('the disk is full')) };
    },
  };
  await expect(restoreStack([first, broken], set)).rejects.toThrow('the disk is full');
  expect(read()).toEqual(['newer', 'newer']);
});

it('changes nothing when a part cannot be prepared', async () => {
  const { set, shelves, read } = await open('old');
  const [first, second] = shelves;
  if (!first || !second) throw new Error('expected two shelves');
  const running = { ...second, prepare: () => Promise.reject(new BackupError('redis: stop it first')) };
  await expect(restoreStack([first, running], set)).rejects.toThrow('redis: stop it first');
  expect(read()).toEqual(['newer', 'newer']);
  expect(existsSync(join(set, 'prometheus/data'))).toBe(true);
});

it.each<readonly [string, (set: string, other: string) => void, string]>([
  [
    'a file that is longer',
    (set) => appendFileSync(join(set, 'redis/data'), '!'),
    'redis/data: expected 3 bytes, got 4',
  ],
  [
    'a file that is another',
    (set) => writeFileSync(join(set, 'redis/data'), 'OLD'),
    'redis/data: expected SHA-256',
  ],
  [
    'a file that is missing',
    (set) => renameSync(join(set, 'redis/data'), join(set, '..', 'away')),
    'redis/data: is missing',
  ],
  [
    'a file of another set',
    (set) => writeFileSync(join(set, 'redis/more'), ''),
    'redis/more: is not in the manifest',
  ],
  [
    'a part of another set',
    (set, other) => {
      renameSync(join(set, 'redis'), join(set, '..', 'redis-away'));
      renameSync(join(other, 'redis'), join(set, 'redis'));
    },
    'redis/data: expected',
  ],
  [
    'a manifest that is none',
    (set) => writeFileSync(join(set, 'manifest.json'), '{'),
    'manifest.json: expected JSON',
  ],
  [
    'a manifest of another kind',
    (set) => writeFileSync(join(set, 'manifest.json'), '{"kind":"artel-gateway-snapshot"}'),
    'manifest.json: kind:',
  ],
])('refuses %s, and changes nothing', async (_, damage, message) => {
  const { set, shelves, read } = await open('old');
  const other = await open('another');
  damage(set, other.set);
  await expect(restoreStack(shelves, set)).rejects.toThrow(message);
  expect(read()).toEqual(['newer', 'newer']);
});

it('names a part of the set that nothing says where to put', async () => {
  const { set, shelves, read } = await open('old');
  await expect(restoreStack(shelves.slice(0, 1), set)).rejects.toThrow('redis: is in');
  expect(read()).toEqual(['newer', 'newer']);
});

it('leaves no half of a backup when a part cannot be saved', async () => {
  const { root, shelves } = await open('old');
  const away: BackupPart = {
    ...createShelf(root, 'postgres', ''),
    backUp: () => Promise.reject(new BackupError('postgres: does not answer')),
  };
  const target = join(root, 'second');
  await expect(backUpStack([...shelves, away], target)).rejects.toThrow('postgres: does not answer');
  expect(existsSync(target)).toBe(false);
  await expect(backUpStack(shelves, join(root, 'set'))).rejects.toThrow('is there already');
});
