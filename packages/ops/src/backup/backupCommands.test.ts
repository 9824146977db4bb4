import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createProgram, testFolder } from '../../fixtures/runProgram';

/** Places with a gateway alone, and a program that saves and restores its store as a file. */
function open() {
  const folder = testFolder();
  const dataDir = join(folder, 'data');
  mkdirSync(join(dataDir, 'gateway'), { recursive: true });
  writeFileSync(join(dataDir, 'gateway/store'), 'counted');
  const places = join(folder, 'places.yml');
  writeFileSync(places, JSON.stringify({ gateway: { dataDir } }));
  const gateway = join(folder, 'gateway.sh');
  writeFileSync(
    gateway,
    `case "$1 $3" in
      'backup ') mkdir "$2" && cp "$DATA_DIR/gateway/store" "$2" ;;
      'restore --force') cp "$2/store" "$DATA_DIR/gateway/store" ;;
    esac\n`,
  );
  const [set, store] = [join(folder, 'set'), join(dataDir, 'gateway/store')];
  return {
    dataDir,
    places,
    program: `sh ${gateway}`,
    set,
    store,
    write: (text: string) => writeFileSync(places, text),
  };
}

it('saves and puts back by the program that is named as the gateway', async () => {
  const { places, program, set, store } = open();
  const { run } = createProgram();
  const backup = await run('backup', set, '--config', places, '--gateway', program);
  expect(backup).toMatchObject({ code: 0, complaint: '' });
  expect(backup.said).toMatch(
    /^ {2}gateway {7}1 files, 7 bytes\nBackup [\w-]+ is in .*set, after .* s\.\nSecrets are not in it/,
  );
  expect(readdirSync(set).sort()).toEqual(['gateway', 'manifest.json']);
  writeFileSync(store, 'another');
  const restore = await run('restore', set, '--config', places, '--gateway', program);
  expect(restore).toMatchObject({ code: 0, complaint: '' });
  expect(restore.said).toMatch(/^ {2}gateway .*\nRestored .*set after .* s\.\n$/);
  expect(readFileSync(store, 'utf8')).toBe('counted');
});

it('finds the places of the native stack in DATA_DIR', async () => {
  const { dataDir, places, program, set } = open();
  writeFileSync(join(dataDir, 'backup-places.yml'), readFileSync(places));
  const { run } = createProgram({ DATA_DIR: dataDir });
  expect(await run('backup', set, '--gateway', program)).toMatchObject({ code: 0, complaint: '' });
});

it.each([
  ['gateway: { dataDir: data }', 'there is no such program on PATH'],
  ['redis: { url: "http://user:secret@redis", dataDir: data }', 'redis.url: '],
  ['{ postgres: { url: "postgres://localhost/artel" } }', 'POSTGRES_PATH: there is no pg_dump in /none'],
  ['- gateway', 'all of it: '],
])('says what is wrong with the places %s, and leaves nothing behind', async (text, problem) => {
  const { places, set, write } = open();
  write(text);
  const { run } = createProgram({ POSTGRES_PATH: '/none' });
  const { code, said, complaint } = await run(
    'backup',
    set,
    '--config',
    places,
    '--gateway',
    '/none/gateway',
  );
  expect([code, said]).toEqual([1, '']);
  expect(complaint.startsWith('artel-ops backup: ')).toBe(true);
  expect(complaint).toContain(problem);
  expect(complaint).not.toContain('secret');
  expect(existsSync(set)).toBe(false);
});
