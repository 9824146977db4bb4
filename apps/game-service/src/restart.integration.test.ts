import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';

const cli = fileURLToPath(new URL('cli.ts', import.meta.url));

/** Runs the service as a process of its own over a data folder. */
async function start(dataDir: string) {
  const env = { ...process.env, DATA_DIR: dataDir, GAME_PORT: '0', LOG_LEVEL: 'warn' };
  for (const name of ['DATABASE_URL', 'REDIS_URL', 'AMQP_URL', 'GAME_STORAGE'])
    Reflect.deleteProperty(env, name);
  const child = spawn(process.execPath, ['--import', 'tsx', cli], { env });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
  const ended = once(child, 'exit');
  const address = await new Promise<string | undefined>((resolve) => {
    child.stdout.on('data', () => {
      const found = /listening on (\S+)/.exec(output)?.[1];
      if (found !== undefined) resolve(found);
    });
    void ended.then(() => resolve(undefined));
  });
  const ask = async (path: string, payload?: object) => {
    const headers = { 'content-type': 'application/json' };
    const init = payload && { method: 'POST', headers, body: JSON.stringify(payload) };
    const response = await fetch(`${address}/api/game/${path}`, init);
    // biome-ignore lint/suspicious/noExplicitAny: whatever the service says
    const body: any = await response.json();
    return { status: response.status, body };
  };
  const stop = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await ended;
  };
  return { address, ask, stop, output: () => output };
}

it('keeps games and figures in its embedded database over a stop and over a crash', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'artel-game-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  const first = await start(dataDir);
  const payload = { gameType: 'kolkhoz', players: ['Anna', 'Boris'] };
  const { body: created } = await first.ask('sessions', payload);
  const { body: potted } = await first.ask(`sessions/${created.id}/pot`, { playerId: 'p2', ball: 7 });
  await first.stop('SIGTERM');

  const second = await start(dataDir);
  expect((await second.ask(`sessions/${created.id}`)).body).toEqual(potted);
  const { body: more } = await second.ask(`sessions/${created.id}/pot`, { playerId: 'p1', ball: 8 });
  expect((await second.ask('sessions', payload)).body.id).toBeGreaterThan(created.id);
  await second.stop('SIGKILL');

  const third = await start(dataDir);
  expect((await third.ask(`sessions/${created.id}`)).body).toEqual(more);
  expect(await third.ask(`sessions/${created.id}/pot`, { playerId: 'p1', ball: 8 })).toMatchObject({
    status: 409,
  });
  await expect
    .poll(async () => (await third.ask('stats')).body.stats)
    .toEqual([{ gameType: 'kolkhoz', sessionsCreated: 2, sessionsFinished: 0, ballsPotted: 2 }]);

  // A second process over the same files would ruin them.
  const other = await start(dataDir);
  expect(other.address).toBeUndefined();
  expect(other.output()).toMatch(/game-service: .* is in use by process \d+; set DATA_DIR to another folder/);
});
