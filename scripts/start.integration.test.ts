import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch, type Running } from '@artel/test-support/programs/launch';
import { freePort } from '@artel/test-support/programs/port';
import { afterEach, expect, it } from 'vitest';

const cleanUps: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

async function startOn(
  env: Readonly<Record<string, string>> = {},
): Promise<Running & { readonly ports: readonly number[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'artel-start-'));
  cleanUps.push(() => rmSync(folder, { recursive: true, force: true }));
  const ports = [await freePort(), await freePort(), await freePort()];
  const [PORT, GATEWAY_PORT, GAME_PORT] = ports.map(String);
  const running = await launch({
    name: 'npm start',
    command: process.execPath,
    args: ['scripts/bootstrap.mjs', 'start'],
    env: {
      DATA_DIR: folder,
      PORT: PORT ?? '',
      GATEWAY_PORT: GATEWAY_PORT ?? '',
      GAME_PORT: GAME_PORT ?? '',
      ...env,
    },
    ready: /Ctrl-C stops everything/,
  });
  cleanUps.push(() => running.stop('SIGKILL'));
  return { ...running, ports };
}

it('prints addresses that answer, and Ctrl-C stops everything', async () => {
  const demo = await startOn();
  const addresses = demo.output().match(/http:\/\/\S+/g) ?? [];
  expect(addresses).toHaveLength(3);
  for (const address of addresses) expect((await fetch(address)).status).toBe(200);
  const notices = demo
    .output()
    .split('\n')
    .filter((line) => line.includes('not set'));
  expect(notices).toEqual([
    expect.stringMatching(
      /^game-service: DATABASE_URL, REDIS_URL, AMQP_URL not set: games are kept by an embedded PostgreSQL in /,
    ),
  ]);
  expect(await demo.stop('SIGINT')).toBe(0);
  for (const port of demo.ports) await expect(fetch(`http://127.0.0.1:${port}`)).rejects.toThrow();
});

/** Runs `npm start` where it cannot start; answers all that it printed. */
async function failing(
  env: Readonly<Record<string, string>>,
): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn(process.execPath, ['scripts/bootstrap.mjs', 'start'], {
    env: { ...process.env, ...env },
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString('utf8');
  });
  child.stderr.on('data', (chunk: Buffer) => {
    output += chunk.toString('utf8');
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, output };
}

it('says in one line which port is taken, and what to set', async () => {
  const port = await freePort();
  const server = createServer().listen(port, '127.0.0.1');
  cleanUps.push(() => server.close());
  const free = { PORT: String(await freePort()), GATEWAY_PORT: String(await freePort()) };
  const { code, output } = await failing({ ...free, GAME_PORT: String(port) });
  expect(code).toBe(1);
  expect(output.trim()).toMatch(new RegExp(`^Port ${port} is taken\\. Set GAME_PORT .*$`));
});

it('names a port that is none', async () => {
  const { code, output } = await failing({ PORT: 'http' });
  expect(code).toBe(1);
  expect(output.trim()).toBe('PORT must be a port from 1 to 65535, got "http"');
});
