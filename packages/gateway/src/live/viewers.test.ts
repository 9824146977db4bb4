import { createServer } from 'node:http';
import { browserCatalogue } from '@artel/telemetry-protocol';
import { expect, it, onTestFinished } from 'vitest';
import { openStream, type Stream } from '../../fixtures/live';
import type { Feed } from './feed';
import { createFeed } from './feed';
import { createViewers, type Viewers } from './viewers';
import type { Update } from './wire';

const idle = { outputs: [] };

/** A feed whose messages are `size` characters long and numbered, and that counts how often it is asked. */
function countedFeed(size: number) {
  const real = createFeed({ catalogue: browserCatalogue, showsTenants: false });
  const asked = { update: 0, snapshot: 0 };
  const filler = { id: 1, at: 0, level: 'info', message: 'x'.repeat(size), fields: [] } as const;
  const feed: Feed = {
    ...real,
    update(now) {
      asked.update++;
      return { ...real.update(now), active: asked.update, logs: [filler] };
    },
    snapshot(now) {
      asked.snapshot++;
      return { ...real.snapshot(now), active: asked.update };
    },
  };
  return { feed, asked };
}

async function start(size: number): Promise<{
  viewers: Viewers;
  asked: { update: number; snapshot: number };
  time: { elapsed: number };
  open(): Promise<Stream>;
}> {
  const { feed, asked } = countedFeed(size);
  const time = { elapsed: 0 };
  const viewers = createViewers({
    clock: { now: () => 1_700_000_000_000, elapsed: () => time.elapsed },
    feedOf: () => feed,
    stateOf: () => idle,
    room: 10,
  });
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    viewers.add({ response, feed: 'default', isOperator: false, mayStay: () => true });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    viewers.close();
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { viewers, asked, time, open: () => openStream(`http://127.0.0.1:${port}/`) };
}

it('makes a message once for all pages of a feed', async () => {
  const { viewers, asked, open } = await start(10);
  const streams = [await open(), await open(), await open()];
  for (const stream of streams) await stream.update();
  viewers.tick();
  for (const stream of streams) expect(await stream.update()).toMatchObject({ reset: false, active: 1 });
  expect(asked).toEqual({ update: 1, snapshot: 3 });
});

it('passes over a page that does not read, gives it the newest whole when it does, and keeps the others going', async () => {
  const { viewers, open } = await start(1_000_000);
  const [fast, slow] = [await open(), await open()];
  await fast.update();
  await slow.update();
  slow.pause();
  let ticks = 0;
  const tick = async (): Promise<void> => {
    viewers.tick();
    ticks++;
    expect(await fast.update()).toMatchObject({ reset: false, active: ticks });
  };
  // What a socket holds by itself differs between systems.
  while (viewers.skipped() === 0 && ticks < 100) await tick();
  for (let more = 0; more < 5; more++) await tick();
  expect(viewers.skipped()).toBeGreaterThan(5);

  // First it gets what was under way; then, after the gap, everything there is by then.
  const missed: number[] = [];
  const readToReset = async (): Promise<Update> => {
    const update = await slow.update();
    missed.push(update.active);
    return update.reset ? update : readToReset();
  };
  slow.resume();
  let whole: Update | undefined;
  const reading = readToReset().then((update) => {
    whole = update;
  });
  while (!whole && ticks < 1_000) await tick();
  await reading;
  const before = missed.slice(0, -1);
  expect(before).toEqual(before.map((_, at) => at + 1));
  expect(whole?.active).toBeGreaterThan(before.length + 5);
  await tick();
  expect(await slow.update()).toMatchObject({ reset: false });
});

it('lets go a page that takes nothing for half a minute', async () => {
  const { viewers, time, open } = await start(1_000_000);
  const stuck = await open();
  await stuck.update();
  stuck.pause();
  for (let ticks = 0; viewers.skipped() === 0 && ticks < 100; ticks++) viewers.tick();
  expect(viewers.count()).toBe(1);
  time.elapsed += 31_000;
  viewers.tick();
  await expect.poll(() => viewers.count()).toBe(0);
  expect(viewers.watches('default')).toBe(false);
});
