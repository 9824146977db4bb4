import { describe, expect, it } from 'vitest';
import { openPage } from '../room.fixture';
import type { FakeDevice, FakePage, PageOptions } from '../testing/fakeDevice';
import { createCustody } from './custody';

const custodyOf = ({ environment }: FakePage) => createCustody({ environment, namespace: 'test' });

function setUp(options: PageOptions = {}) {
  const { device, page } = openPage(options);
  return { device, page, custody: custodyOf(page) };
}

/** Asks for a producer's records in a page of its own. */
async function claim(device: FakeDevice, producer: string, options: PageOptions = {}) {
  const page = device.openPage(options);
  const answer = custodyOf(page).claim(producer);
  await page.advance(1_100);
  return answer;
}

describe('custody', () => {
  it('of its own producer is known a moment after the first question', async () => {
    const { custody } = setUp();
    expect(custody.held()).toBeUndefined();
    await custody.known();
    expect(custody.held()).toBe(true);
    expect(custody.producer()).toMatch(/^[\da-f]{24}$/);
  });

  it('is not given to another while the page lives, and is once it has died', async () => {
    const { device, page, custody } = setUp();
    await custody.known();
    expect(await claim(device, custody.producer())).toBe(false);
    page.kill();
    expect(await claim(device, custody.producer())).toBe(true);
  });

  it('is free once it is released, and begins anew with another producer', async () => {
    const { device, custody } = setUp();
    const first = custody.producer();
    await custody.known();
    custody.release();
    expect(custody.isReleased()).toBe(true);
    expect(custody.held()).toBe(false);
    expect(await claim(device, first)).toBe(true);
    custody.renew();
    expect(custody.isReleased()).toBe(false);
    expect(custody.producer()).not.toBe(first);
    await custody.known();
    expect(custody.held()).toBe(true);
  });

  it.each([{ locks: false }, { locks: 'hang' }] as const)('is unknown with %j', async (options) => {
    const { device, page, custody } = setUp(options);
    const known = custody.known();
    await page.advance(1_100);
    await known;
    expect(custody.held()).toBe(false);
    expect(await claim(device, 'other', options)).toBeUndefined();
  });

  it('that is granted after its time is given back at once', async () => {
    const { device, page, environment } = openPage();
    let answer: (lock: unknown) => unknown = () => undefined;
    const request = (_name: string, _options: unknown, run: typeof answer) => {
      answer = run;
      return new Promise(() => undefined);
    };
    Object.assign(environment.navigator, { locks: { request } });
    const custody = createCustody({ environment, namespace: 'test' });
    const claimed = custody.claim('other');
    await page.advance(1_100);
    expect(await claimed).toBeUndefined();
    expect(answer({ name: 'other' })).toBeUndefined();
    expect(await claim(device, 'other')).toBe(true);
  });

  it('is not taken by a page that goes to sleep while it asks', async () => {
    const { device, custody } = setUp();
    const claimed = custody.claim('other');
    custody.release();
    expect(await claimed).toBe(false);
    expect(await claim(device, 'other')).toBe(true);
  });
});
