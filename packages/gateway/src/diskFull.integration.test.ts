import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ended, launch, type Run, requireBuild, started } from '../fixtures/cli';
import { fileOf, post, STEADY, samplesOf, tempDir } from '../fixtures/gateway';

const CLIENTS = 8;

/** Somewhere to keep a store, with little room. */
interface SmallDisk {
  start(): Promise<Run>;
  makeRoom(run: Run): Promise<void> | void;
}

interface Client {
  readonly producer: string;
  acknowledged: number;
  refused: number;
}

const newClients = (): Client[] =>
  Array.from({ length: CLIENTS }, (_, at) => ({ producer: `p${at}`, acknowledged: 0, refused: 0 }));

function batchOf({ producer, acknowledged }: Client): object {
  const logs = Array.from({ length: 20 }, () => ({
    level: 'info',
    message: 'm'.repeat(1_500),
    timestamp: 1,
  }));
  const labels = { producer };
  return { producer, seq: acknowledged + 1, metrics: [{ name: 'shots', labels }], logs };
}

/** Sends one batch after the other, the same again as long as it is refused, until `isOver`. */
async function send(client: Client, url: string, isOver: (client: Client) => boolean): Promise<void> {
  while (!isOver(client)) {
    const { status, headers, body } = await post(url, batchOf(client));
    if (status === 202) {
      // Of what was refused before, nothing was counted.
      expect(body).toMatchObject({ duplicate: false, accepted: 21 });
      client.acknowledged++;
      continue;
    }
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('2');
    client.refused++;
    await later(50);
  }
}

async function expectCounted(clients: readonly Client[], url: string): Promise<void> {
  const samples = samplesOf(await (await fetch(`${url}/metrics`)).text());
  const counted = clients.map(({ producer }) => samples.get(`shots_total{producer="${producer}"}`) ?? 0);
  expect(counted).toEqual(clients.map(({ acknowledged }) => acknowledged));
  const all = counted.reduce((sum, count) => sum + count, 0);
  expect(samples.get('artel_gateway_queue_records')).toBe(20 * all);
}

/** A disk of 8 MiB, or why there is none. */
function mountSmallDisk(): string | { readonly missing: string } {
  if (process.getuid?.() !== 0) return { missing: 'only root can mount a small disk' };
  const dir = tempDir();
  const { status, error, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', dir]);
  if (status !== 0) return { missing: `a small disk cannot be mounted: ${error ?? String(stderr).trim()}` };
  // Lazily: the gateway on it may be about to end.
  onTestFinished(() => void spawnSync('umount', ['-l', dir]));
  return dir;
}

async function fillAndGoOn({ start, makeRoom }: SmallDisk): Promise<void> {
  const clients = newClients();
  const all = (isOver: (client: Client) => boolean, url: string): Promise<unknown> =>
    Promise.all(clients.map((client) => send(client, url, isOver)));

  const first = await start();
  let stderr = '';
  first.child.stderr?.on('data', (chunk) => {
    stderr += String(chunk);
  });
  const began = performance.now();
  await all(({ refused, acknowledged }) => refused >= 20 || acknowledged >= 200, first.url);
  for (const { refused } of clients) expect(refused).toBe(20);
  expect(clients.reduce((sum, { acknowledged }) => sum + acknowledged, 0)).toBeGreaterThan(CLIENTS);
  await expectCounted(clients, first.url);
  expect((await fetch(`${first.url}/health/ready`)).status).toBe(503);
  // However many come: the library's own words would fill a disk.
  const seconds = (performance.now() - began) / 1_000;
  expect(stderr.match(/^Error/gm)?.length ?? 0).toBeLessThanOrEqual(seconds + 1);

  const gone = once(first.child, 'close');
  first.child.kill('SIGKILL');
  await gone;
  const second = await start();
  await expectCounted(clients, second.url);

  await makeRoom(second);
  const before = new Map(clients.map((client) => [client, client.acknowledged]));
  await all((client) => client.acknowledged >= (before.get(client) ?? 0) + 10, second.url);
  await expectCounted(clients, second.url);
}

const hasPrlimit = spawnSync('prlimit', ['--version']).status === 0;

beforeAll(requireBuild);

describe('a gateway whose store has no room', () => {
  it('as the disk is full answers 503, loses nothing over a kill -9, and goes on when there is room', async ({
    skip,
  }) => {
    const disk = mountSmallDisk();
    if (typeof disk !== 'string') return skip(disk.missing);
    await fillAndGoOn({
      start: () => started(launch({ DATA_DIR: join(disk, 'data') })),
      makeRoom() {
        expect(spawnSync('mount', ['-o', 'remount,size=64m', disk]).status).toBe(0);
      },
    });
  });

  it.skipIf(!hasPrlimit && !process.env['CI'])('as its files may not grow does the same', async () => {
    const DATA_DIR = tempDir();
    await fillAndGoOn({
      start: () => started(launch({ DATA_DIR }, [], '-f 4096')),
      makeRoom({ child }) {
        const { status } = spawnSync('prlimit', ['--pid', String(child.pid), '--fsize=unlimited']);
        expect(status).toBe(0);
      },
    });
  });

  it('as it is bounded does the same', async () => {
    const GATEWAY_CONFIG = fileOf(`store:\n  maxBytes: 4 MiB\n${STEADY}`);
    const DATA_DIR = tempDir();
    await fillAndGoOn({
      start: () => started(launch({ DATA_DIR, GATEWAY_CONFIG })),
      async makeRoom({ child, url }) {
        const samples = async () => samplesOf(await (await fetch(`${url}/metrics`)).text());
        expect((await samples()).get('artel_gateway_store_max_bytes')).toBe(4 * 2 ** 20);
        writeFileSync(GATEWAY_CONFIG, `store:\n  maxBytes: 64 MiB\n${STEADY}`);
        child.kill('SIGHUP');
        const taken = 'artel_gateway_config_reloads_total{outcome="taken"}';
        await expect.poll(async () => (await samples()).get(taken)).toBe(1);
        expect((await samples()).get('artel_gateway_store_max_bytes')).toBe(64 * 2 ** 20);
      },
    });
  });

  it.skipIf(process.platform !== 'linux')(
    'in its address space says so at the start, and not when the store has grown',
    async () => {
      const { code, stdout, stderr } = await ended(launch({ DATA_DIR: tempDir() }, [], `-v ${16 * 2 ** 20}`));
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(
        /^artel-gateway: DATA_DIR: cannot open the store in .*: it needs \d+ bytes of address space.*\n$/,
      );
    },
  );
});
