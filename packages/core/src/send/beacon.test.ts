import { describe, expect, it } from 'vitest';
import { entryOf, openPage } from '../room.fixture';
import type { User } from '../user';
import { createBeacon, createPayload } from './beacon';

function setUp(sendBeacon: (url: string, body: string) => boolean = () => true) {
  const { page, environment } = openPage();
  const sent: (readonly [url: string, seq: number])[] = [];
  Object.assign(environment.navigator, {
    sendBeacon(url: string, body: string) {
      const taken = sendBeacon(url, body);
      if (taken) sent.push([url, JSON.parse(body).seq]);
      return taken;
    },
  });
  const beacon = createBeacon({ environment, endpoint: 'https://g.test/m', payload: ({ body }) => body });
  return { page, environment, beacon, sent, seqs: () => sent.map(([, seq]) => seq) };
}

const large = (seq: number, bytes: number) =>
  entryOf({ seq, body: `{"seq":${seq},"fill":"${'x'.repeat(bytes - 20)}"}`, bytes });

describe('a payload', () => {
  const user = { tokenFor: () => 'token' } as unknown as User;

  it('is the entry, with what each attempt adds', () => {
    const payload = createPayload({ now: () => 1_900_000_000_000, key: 'key', user });
    expect(JSON.parse(payload(entryOf()))).toEqual({
      ...JSON.parse(entryOf().body),
      sentAt: 1_900_000_000_000,
      key: 'key',
      token: 'token',
    });
  });

  it('is not sent before its events happened, by whatever clock', () => {
    const payload = createPayload({ now: () => 5, key: undefined, user });
    expect(JSON.parse(payload(entryOf({ at: 7 }))).sentAt).toBe(7);
  });
});

describe('a beacon', () => {
  it('carries each entry to the gateway, and says that it does', () => {
    const { beacon, sent } = setUp();
    expect(beacon.send([])).toBe(false);
    expect(beacon.send([entryOf(), entryOf({ seq: 2 })])).toBe(true);
    expect(sent).toEqual([
      ['https://g.test/m', 1],
      ['https://g.test/m', 2],
    ]);
  });

  it('is not sent twice for one hiding that several events announce', async () => {
    const { page, beacon, seqs } = setUp();
    const entry = entryOf();
    beacon.send([entry]);
    expect(beacon.send([entry, entryOf({ seq: 2 })])).toBe(true);
    expect(seqs()).toEqual([1, 2]);
    await page.advance(5_001);
    beacon.send([entry]);
    expect(seqs()).toEqual([1, 2, 1]);
  });

  it("leaves room of the browser's 64 KiB to the app, and takes what still fits", async () => {
    const { page, beacon, seqs } = setUp();
    beacon.send([large(1, 20_000), large(2, 30_000), large(3, 20_000)]);
    expect(seqs()).toEqual([1, 3]);
    beacon.send([large(4, 20_000)]);
    expect(seqs()).toEqual([1, 3]);
    await page.advance(5_001);
    beacon.send([large(4, 20_000)]);
    expect(seqs()).toEqual([1, 3, 4]);
  });

  it.each([
    ['refuses', () => false],
    ['throws', () => JSON.parse('{')],
  ])('is none where the browser %s', (_what, sendBeacon) => {
    const { beacon } = setUp(sendBeacon);
    expect(beacon.send([entryOf()])).toBe(false);
  });

  it('is none where the browser knows none', () => {
    const { environment, beacon } = setUp();
    Reflect.deleteProperty(environment.navigator, 'sendBeacon');
    expect(beacon.send([entryOf()])).toBe(false);
  });
});
