import { describe, expect, it } from 'vitest';
import { createFakeGateway } from './fakeGateway';

const NOW = 1_800_000_000_000;
const DAY = 86_400_000;
const batch = (fields: object = {}) =>
  JSON.stringify({ metrics: [{ name: 'taps_total', timestamp: NOW }], producer: 'p', seq: 1, ...fields });

describe('the fake gateway', () => {
  it('counts a batch once, whatever becomes of its answer', async () => {
    const gateway = createFakeGateway();
    gateway.faults.push('lost answer');
    await expect(gateway.post(batch(), NOW)).rejects.toThrow('Failed to fetch');
    const answer = await gateway.post(batch(), NOW);
    expect(answer.status).toBe(202);
    expect(await answer.json()).toEqual({ accepted: 0, rejected: [], duplicate: true });
    expect(gateway.total('taps_total')).toBe(1);
  });

  it('refuses what is no batch', async () => {
    const gateway = createFakeGateway();
    for (const body of ['{', 'null', '{}', batch({ seq: -1 })]) {
      expect((await gateway.post(body, NOW)).status).toBe(400);
    }
    expect(gateway.batches).toEqual([]);
  });

  it.each([
    ['shifts the times of a sender whose clock is wrong', NOW - 8 * DAY, NOW - 8 * DAY, NOW],
    ['leaves those of a sender whose clock is right', NOW, NOW - 8 * DAY, NOW - 8 * DAY],
    ['takes the way of a batch for no error', NOW - 59_000, NOW - 60_000, NOW - 60_000],
    ['dates what lies ahead by its arrival', NOW, NOW + DAY, NOW],
  ])('%s', async (_what, sentAt, timestamp, right) => {
    const gateway = createFakeGateway();
    await gateway.post(batch({ sentAt, metrics: [{ name: 'taps_total', timestamp }] }), NOW);
    expect(gateway.batches[0]?.metrics[0]?.timestamp).toBe(right);
  });

  it('refuses what lies further ahead than any clock goes wrong', async () => {
    const gateway = createFakeGateway();
    const metrics = [{ name: 'good_total' }, { name: 'taps_total', timestamp: NOW + DAY + 1 }];
    const answer = await gateway.post(batch({ sentAt: NOW, metrics }), NOW);
    expect(await answer.json()).toMatchObject({ rejected: [{ index: 1 }] });
    expect(gateway.batches[0]?.metrics.map(({ name }) => name)).toEqual(['good_total']);
  });
});
