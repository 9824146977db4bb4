import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLokiFake } from '@artel/test-support/fakes/loki';
import { beforeAll, expect, it } from 'vitest';
import { launch, requireBuild, started } from '../fixtures/cli';
import { fileOf, post, readSample, startGateway, steady, tempDir } from '../fixtures/gateway';
import { openStream } from '../fixtures/live';
import { takeBackup } from './backup';
import { EraseError, eraseUsers } from './erase';
import { pseudonymsOf } from './pseudonyms';
import { restoreSnapshot } from './restore';
import { keptSecret } from './secret';
import { openStore } from './store';
import { DEFAULT_TENANT } from './tenants';

const PLAYER = '279058397';
const OTHER = '555001112';
let seq = 0;

beforeAll(requireBuild);

/** What a page of `user` sends: a counted action, a line, an error and a span. */
function batchOf(user: string | undefined, word: string, session = `session-of-${word}`) {
  const timestamp = Date.now();
  return {
    producer: `page-of-${word}`,
    seq: ++seq,
    session,
    ...(user === undefined ? {} : { user }),
    metrics: [{ name: 'user_action_total', labels: { action: 'pot', page: '/game' } }],
    logs: [
      { level: 'info', message: `line of ${word}`, timestamp },
      { level: 'error', message: `error of ${word}`, timestamp, fields: { error_type: 'Error' } },
    ],
    spans: [
      {
        name: `span of ${word}`,
        traceId: '4'.repeat(32),
        spanId: '2'.repeat(16),
        start: timestamp,
        duration: 5,
      },
    ],
  };
}

const usersOf = (dataDir: string, user = PLAYER) =>
  new Map([[DEFAULT_TENANT, pseudonymsOf(user, DEFAULT_TENANT, [keptSecret(dataDir)])]]);

async function waiting(dataDir: string): Promise<string[]> {
  const store = openStore(dataDir);
  const records = store.read(0, 1_000).map(({ record }) => JSON.stringify(record));
  await store.close();
  return records;
}

const bytesOf = (dataDir: string): string =>
  readFileSync(join(dataDir, 'gateway', 'data.mdb')).toString('latin1');

it('erases a player from a stopped gateway, free pages and all, and no one else, and changes no count', async () => {
  const { gateway, dataDir, post } = await startGateway();
  for (const batch of [batchOf(PLAYER, 'theplayer'), batchOf(OTHER, 'another'), batchOf(undefined, 'nobody')])
    expect((await post(batch)).status).toBe(202);
  await gateway.close();
  expect(bytesOf(dataDir)).toContain('line of theplayer');

  const first = await eraseUsers(dataDir, usersOf(dataDir));
  expect(first).toMatchObject({ logs: 2, spans: 1, bySession: 0, held: 0, compacted: true, copies: [] });
  expect(first).not.toHaveProperty('gateway');
  const [pseudonym = ''] = usersOf(dataDir).get(DEFAULT_TENANT) ?? [];
  expect(pseudonym).toMatch(/^[\da-f]{32}$/);
  for (const user of usersOf(dataDir).get(DEFAULT_TENANT) ?? []) expect(bytesOf(dataDir)).not.toContain(user);
  expect(bytesOf(dataDir)).not.toContain('of theplayer');
  expect(bytesOf(dataDir)).toContain('line of another');

  expect(await eraseUsers(dataDir, usersOf(dataDir))).toMatchObject({ logs: 0, spans: 0, compacted: true });
  expect((await waiting(dataDir)).filter((record) => /another|nobody/.test(record))).toHaveLength(6);

  const again = await startGateway({ DATA_DIR: dataDir });
  expect(await again.sample('user_action_total{action="pot",page="/game"}')).toBe(3);
  // The ledger stays: a page that sends once more what was counted is told so.
  const copy = { ...batchOf(PLAYER, 'theplayer'), seq: seq - 3 };
  expect((await again.post(copy)).body).toMatchObject({ duplicate: true });
});

it('takes with the player what the same session sent before it was known whose it is', async () => {
  const { gateway, dataDir, post } = await startGateway();
  await post(batchOf(undefined, 'thesession', 'one'));
  await post(batchOf(PLAYER, 'theplayer', 'one'));
  await post(batchOf(OTHER, 'another', 'one'));
  await post(batchOf(undefined, 'nobody', 'two'));
  await gateway.close();
  expect(await eraseUsers(dataDir, usersOf(dataDir))).toMatchObject({ logs: 4, spans: 2, bySession: 3 });
  const left = (await waiting(dataDir)).join('\n');
  expect(left).not.toMatch(/thesession|theplayer/);
  expect(left).toMatch(/another[\s\S]*nobody/);
});

it('erases a player of a running gateway, from its store, its live page and what its outputs were about to send', async () => {
  const loki = await createLokiFake();
  loki.refuse({ status: 503 });
  const dataDir = tempDir();
  const config = JSON.stringify({
    ...steady,
    outputs: { loki: { kind: 'loki', url: loki.url, batch: { waitSeconds: 0 } } },
  });
  const { child, url } = await started(launch({ DATA_DIR: dataDir, GATEWAY_CONFIG: fileOf(config) }));
  expect((await post(url, batchOf(PLAYER, 'theplayer'))).status).toBe(202);
  expect((await post(url, batchOf(OTHER, 'another'))).status).toBe(202);
  await expect.poll(() => loki.requests.length).toBeGreaterThan(0);
  const live = async (): Promise<string> => {
    const stream = await openStream(`${url}/live/events`);
    const update = JSON.stringify(await stream.update());
    stream.close();
    return update;
  };
  expect(await live()).toContain('line of theplayer');

  expect(await eraseUsers(dataDir, usersOf(dataDir))).toMatchObject({
    logs: 2,
    spans: 1,
    gateway: child.pid,
    compacted: false,
  });
  await expect.poll(live).not.toContain('of theplayer');
  const before = loki.requests.length;
  await expect.poll(() => loki.requests.length).toBeGreaterThan(before);
  expect(loki.requests.at(-1)?.body.toString('utf8')).not.toContain('theplayer');

  loki.refuse({ status: 503 }, 0);
  const lines = (): string => loki.lines.map(({ line }) => line).join('\n');
  await expect.poll(lines).toContain('line of another');
  expect((await post(url, batchOf(OTHER, 'later'))).status).toBe(202);
  await expect.poll(lines).toContain('line of later');
  expect(lines()).not.toContain('theplayer');
  expect(await readSample(url, 'user_action_total{action="pot",page="/game"}')).toBe(3);
  expect(loki.faults).toEqual([]);
});

it('erases from batches that are held for other gateways, and leaves what they count', async () => {
  const dataDir = tempDir();
  const [user = ''] = usersOf(dataDir).get(DEFAULT_TENANT) ?? [];
  const record = (of: string) => ({
    kind: 'log' as const,
    tenant: DEFAULT_TENANT,
    tier: 'session' as const,
    received: 1,
    user: of,
    log: { level: 'info' as const, message: 'held', timestamp: 1 },
  });
  const held = { ledgerKey: 'default page', seq: 1, tenant: DEFAULT_TENANT, accepted: 3, series: [] };
  const store = openStore(dataDir);
  await store.commit({
    ledger: new Map(),
    series: [],
    enqueue: [],
    enqueueAt: 1,
    dequeue: [1, 1],
    cursors: new Map(),
    forget: [],
    hold: new Map([['token', { ...held, records: [record(user), record('f'.repeat(64))] }]]),
  });
  await store.close();
  expect(await eraseUsers(dataDir, usersOf(dataDir))).toMatchObject({ logs: 1, held: 1 });
  const opened = openStore(dataDir);
  expect(opened.readHeld().get('token')).toEqual({ ...held, records: [record('f'.repeat(64))] });
  expect(opened.erasures()).toBe(1);
  await opened.close();
});

it('names the snapshots and the stores kept aside in the data directory, which hold the player still', async () => {
  const { gateway, dataDir, post } = await startGateway();
  await post(batchOf(PLAYER, 'theplayer'));
  await gateway.close();
  const snapshot = join(dataDir, 'backups', 'monday');
  await takeBackup(dataDir, snapshot);
  const { before } = await restoreSnapshot(snapshot, dataDir, { force: true });
  const { copies } = await eraseUsers(dataDir, usersOf(dataDir));
  expect([...copies].sort()).toEqual([snapshot, before].sort());
});

it('makes no store where there is none', async () => {
  const dataDir = tempDir();
  await expect(eraseUsers(dataDir, new Map())).rejects.toThrow(EraseError);
  await expect(eraseUsers(dataDir, new Map())).rejects.toThrow(/DATA_DIR: there is no store in/);
});
