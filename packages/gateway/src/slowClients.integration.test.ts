import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { requireBuild } from '../fixtures/cli';
import { post, readSample } from '../fixtures/gateway';
import { dial, hostileGateway, type Peer } from '../fixtures/hostile';

beforeAll(requireBuild);

const brief = 'connections: { headersSeconds: 1, requestSeconds: 2, idleSeconds: 2 }';
/** For requests that are to arrive in time beside those that do not, on a busy machine too. */
const fair = 'connections: { headersSeconds: 4, requestSeconds: 8, idleSeconds: 4 }';
const shots = '{"metrics":[{"name":"shots"}]}';
const head = 'POST /api/metrics HTTP/1.1\r\nHost: gw\r\n';
const whole = `${head}Content-Length: ${shots.length}\r\n\r\n${shots}`;

/** What each kind of client sends at once, and then over and over, and whether it reads. */
interface Kind {
  readonly first: string;
  readonly again?: string;
  readonly isDeaf?: boolean;
}

const kinds: Readonly<Record<string, Kind>> = {
  'that says nothing': { first: '' },
  'that never ends its headers': { first: `${head}X-A: b` },
  'that dribbles its headers': { first: head, again: 'X-A: b\r\n' },
  'that sends half a body': { first: `${head}Content-Length: 100000\r\n\r\n${'x'.repeat(50_000)}` },
  'that dribbles its body': { first: `${head}Content-Length: 100000\r\n\r\n`, again: ' ' },
  'that dribbles chunks': { first: `${head}Transfer-Encoding: chunked\r\n\r\n`, again: '1\r\n \r\n' },
  'that never ends a chunk': { first: `${head}Transfer-Encoding: chunked\r\n\r\nffff\r\n`, again: ' ' },
  'that dribbles to no route': {
    first: `POST /no HTTP/1.1\r\nHost: gw\r\nContent-Length: 999\r\n\r\n`,
    again: ' ',
  },
  'that sends a request and stays': { first: whole },
  'that dribbles line ends after its request': { first: whole, again: '\r\n' },
  'that never reads its answers': {
    first: 'GET /live HTTP/1.1\r\nHost: gw\r\n\r\n'.repeat(2_000),
    isDeaf: true,
  },
};

async function open(url: string, { first, again, isDeaf }: Kind): Promise<Peer> {
  const peer = await dial(url);
  if (isDeaf) peer.pause();
  if (first !== '') peer.write(first);
  if (again !== undefined) {
    const timer = setInterval(() => peer.write(again), 200);
    void peer.gone().finally(() => clearInterval(timer));
  }
  return peer;
}

describe('a gateway under slow clients', () => {
  it('answers others at once, and lets go every one of hundreds within its bounds', async () => {
    const { url } = await hostileGateway(fair);
    const began = performance.now();
    // Ms for which the last of each kind stayed.
    const stays = new Map<string, number>();
    const gone: Promise<unknown>[] = [];
    for (const [title, kind] of Object.entries(kinds)) {
      for (let time = 0; time < 40; time++) {
        const opened = performance.now();
        const peer = await open(url, kind);
        const note = () => stays.set(title, Math.max(stays.get(title) ?? 0, performance.now() - opened));
        gone.push(peer.gone().then(note));
      }
    }
    let areGone = false;
    void Promise.all(gone).then(() => {
      areGone = true;
    });
    let sent = 80;
    const waits: number[] = [];
    while (!areGone) {
      const at = performance.now();
      expect((await post(url, shots)).status).toBe(202);
      waits.push(performance.now() - at);
      sent++;
      await sleep(20);
    }
    // Compared within this run, as all of it takes longer on a busy machine.
    const whole = performance.now() - began;
    expect(waits.sort((a, b) => a - b)[Math.floor(waits.length / 2)]).toBeLessThan(whole / 20);
    const idle = stays.get('that sends a request and stays') ?? 0;
    for (const [title, stay] of stays) expect(stay, title).toBeLessThan(10 * idle);
    expect(await readSample(url, 'shots_total')).toBe(sent);
  });

  it('tells those that can still hear it what they did wrong', async () => {
    const { url } = await hostileGateway(brief);
    for (const title of ['that dribbles its headers', 'that dribbles its body', 'that says nothing']) {
      const peer = await open(url, kinds[title] ?? { first: '' });
      const [answer] = await peer.answered();
      expect(answer).toMatchObject({
        status: 408,
        head: expect.stringContaining('application/problem+json'),
      });
    }
  });

  it('gives back the memory of bodies that never end', async () => {
    const { url } = await hostileGateway(`${fair}\noverload: { bodyBytes: 1 MiB }`);
    const half = `${head}Content-Length: 900005\r\n\r\n${'x'.repeat(900_000)}`;
    const large = shots.padEnd(400_000);
    const statusOf = async (): Promise<number> => (await post(url, large)).status;
    // Before it has arrived there is room for the other, and then none for itself.
    do {
      await open(url, { first: half });
      await sleep(300);
    } while ((await statusOf()) !== 503);
    expect((await post(url, shots)).status).toBe(202);
    await expect.poll(statusOf).toBe(202);
  });

  it('forgets connections that are reset in the middle of a body, with what they held', async () => {
    const { url } = await hostileGateway('overload: { bodyBytes: 1 MiB }');
    for (let time = 0; time < 40; time++) {
      const peer = await dial(url);
      peer.write(`${head}Content-Length: 60005\r\n\r\n${'x'.repeat(60_000)}`);
      if (time % 2 === 0) await sleep(5);
      peer.reset();
      await peer.gone();
    }
    await expect.poll(async () => (await post(url, shots.padEnd(1_000_000))).status).toBe(202);
    expect(await readSample(url, 'shots_total')).toBe(1);
  });

  it('closes connections over its bound at once, and takes others when there is room again', async () => {
    // Idle for long enough that all are there at once, and not so long that the test waits for it.
    const { url } = await hostileGateway('connections: { max: 20, idleSeconds: 5 }');
    const inside = await Promise.all(Array.from({ length: 20 }, () => open(url, { first: whole })));
    for (const peer of inside) expect((await peer.answered())[0]?.status).toBe(202);
    const outside = await dial(url);
    outside.write(whole);
    await outside.gone();
    expect(outside.answers()).toEqual([]);
    await Promise.all(inside.map((peer) => peer.gone()));
    const next = await open(url, { first: whole });
    expect((await next.answered())[0]?.status).toBe(202);
  });
});
