import { once } from 'node:events';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { ended, launch, requireBuild, started } from '../fixtures/cli';
import { post, samplesOf, tempDir } from '../fixtures/gateway';
import { openStore } from './store';

const KILLS = 30;
const SENDERS = 8;
/** Batches of one sender that are under way at once, each with series of its own, so that each is told apart. */
const SLOTS = 4;

interface Slot {
  readonly lane: string;
  /** Batches that were answered 202. */
  acknowledged: number;
  /** Batches that the gateway has counted, as `/metrics` said after the last start, or as was acknowledged since. */
  counted: number;
}

interface Sender {
  readonly producer: string;
  readonly slots: readonly Slot[];
  /** How often each slot has been acknowledged at least. */
  turn: number;
}

const senders: readonly Sender[] = Array.from({ length: SENDERS }, (_, at) => ({
  producer: `p${at}`,
  slots: Array.from({ length: SLOTS }, (_unused, slot) => ({
    lane: `p${at}-${slot}`,
    acknowledged: 0,
    counted: 0,
  })),
  turn: 0,
}));

function batchOf({ producer, turn }: Sender, { lane }: Slot, slot: number): object {
  return {
    producer,
    seq: turn * SLOTS + slot + 1,
    metrics: [
      { name: 'shots', labels: { lane } },
      { name: 'aim_ms', labels: { lane }, values: [turn, 1] },
    ],
    logs: [{ level: 'info', message: `${lane} turn ${turn}`, timestamp: Date.now() }],
  };
}

/** Sends turn after turn until the gateway is gone, or `turns` are over. */
async function send(sender: Sender, url: string, turns = Number.POSITIVE_INFINITY): Promise<void> {
  for (let left = turns; left > 0; left--) {
    const { turn } = sender;
    // The last first, so that the ledger has gaps; those that were acknowledged before the kill too, once more.
    const answered = sender.slots.map(async (slot, at) => {
      const answer = await post(url, batchOf(sender, slot, at)).catch(() => undefined);
      if (answer === undefined) return false;
      expect(answer.status).toBe(202);
      // What the ledger knows is what the series hold.
      expect(answer.body).toMatchObject({ duplicate: slot.counted > turn });
      slot.acknowledged = turn + 1;
      slot.counted = turn + 1;
      return true;
    });
    if ((await Promise.all(answered)).includes(false)) return;
    sender.turn++;
  }
}

/** Every acknowledged batch is counted once, the others once or not at all, and each wholly. */
async function readCounted(url: string): Promise<{ readonly kept: number; readonly lost: number }> {
  const samples = samplesOf(await (await fetch(`${url}/metrics`)).text());
  const under = { kept: 0, lost: 0 };
  let all = 0;
  for (const { slots, turn } of senders) {
    for (const slot of slots) {
      const { lane, acknowledged } = slot;
      const counted = samples.get(`shots_total{lane="${lane}"}`) ?? 0;
      expect([acknowledged, turn + 1], `${lane}: ${acknowledged} acknowledged, in turn ${turn}`).toContain(
        counted,
      );
      expect(samples.get(`aim_ms_count{lane="${lane}"}`) ?? 0).toBe(2 * counted);
      expect(samples.get(`aim_ms_sum{lane="${lane}"}`) ?? 0).toBe((counted * (counted - 1)) / 2 + counted);
      if (acknowledged === turn) under[counted > turn ? 'kept' : 'lost']++;
      slot.counted = counted;
      all += counted;
    }
  }
  expect(samples.get('artel_gateway_queue_records')).toBe(all);
  return under;
}

/** The next write to the store's file: a moment at which a transaction is half on the disk. */
async function storeWritten(dataDir: string): Promise<void> {
  const watcher = watch(join(dataDir, 'gateway', 'data.mdb'));
  await Promise.race([once(watcher, 'change'), later(1_000)]);
  watcher.close();
}

const acknowledgedBatches = (): number =>
  senders.reduce((sum, { slots }) => slots.reduce((all, { acknowledged }) => all + acknowledged, sum), 0);

/** Resolves some batches later, on a machine of any speed, or when the load is over before that. */
async function acknowledge(batches: number, load: Promise<unknown>): Promise<void> {
  const until = acknowledgedBatches() + batches;
  let isOver = false;
  const over = load.finally(() => {
    isOver = true;
  });
  const enough = async (): Promise<void> => {
    while (!isOver && acknowledgedBatches() < until) await later(1);
  };
  await Promise.race([enough(), over]);
}

/** What waits in the store of a gateway that has ended. */
async function readMessages(dataDir: string): Promise<string[]> {
  const store = openStore(dataDir);
  const { first, next } = store.ends();
  const kept = store.read(first, next - first);
  await store.close();
  return kept.map(({ record }) => (record.kind === 'log' ? record.log.message : record.kind));
}

beforeAll(requireBuild);

describe('a gateway that is killed', () => {
  it(`${KILLS} times with -9 under load loses nothing acknowledged and counts nothing twice`, async () => {
    const DATA_DIR = tempDir();
    // Batches whose kill came between their commit and their answer, and before their commit.
    const under = { kept: 0, lost: 0 };
    // Both moments are hit sooner or later: how soon depends on the machine.
    for (let kill = 0; kill < KILLS || under.lost === 0 || under.kept === 0; kill++) {
      const { child, url } = await started(launch({ DATA_DIR }));
      const { kept, lost } = await readCounted(url);
      under.kept += kept;
      under.lost += lost;
      const load = Promise.all(senders.map((sender) => send(sender, url)));
      await acknowledge(20 + ((kill * 37) % 101), load);
      await (kill % 2 === 0 ? later(kill % 15) : storeWritten(DATA_DIR));
      const gone = once(child, 'close');
      child.kill('SIGKILL');
      await Promise.all([gone, load]);
    }
    const { child, url } = await started(launch({ DATA_DIR }));
    await readCounted(url);
    await Promise.all(senders.map((sender) => send(sender, url, 1)));
    await readCounted(url);
    const end = ended(child);
    child.kill('SIGTERM');
    await end;
    for (const { slots, turn } of senders) {
      for (const { acknowledged, counted } of slots) expect([acknowledged, counted]).toEqual([turn, turn]);
    }
    const sent = senders.flatMap(({ slots, turn }) =>
      slots.flatMap(({ lane }) => Array.from({ length: turn }, (_, at) => `${lane} turn ${at}`)),
    );
    expect((await readMessages(DATA_DIR)).sort()).toEqual(sent.sort());
  });
});
