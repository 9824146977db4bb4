import { afterEach, expect, it, vi } from 'vitest';
import type { Delivery } from '../later';
import { createScrubber } from '../record/scrubber';
import type { User } from '../user';
import { createLazyDelivery } from './delivery';

let arrives = true;
let made = 0;

vi.mock('../later', () => ({
  get scrubText() {
    if (!arrives) throw new TypeError('Failed to fetch dynamically imported module');
    return (text: string) => text.toUpperCase();
  },
  createDelivery: () => ({ number: ++made }),
}));

afterEach(() => {
  arrives = true;
  made = 0;
});

function setUp() {
  const scrub = createScrubber();
  let scrubbed = 0;
  const user = { scrub: () => scrubbed++ } as unknown as User;
  // The mocked chunk reads nothing else.
  const delivery = createLazyDelivery({ scrub, user } as unknown as Parameters<typeof createLazyDelivery>[0]);
  return { delivery, scrub, scrubbed: () => scrubbed };
}

it('makes one delivery, however often it is loaded', async () => {
  const { delivery } = setUp();
  expect(delivery.loaded()).toBeUndefined();
  const [first, second] = await Promise.all([delivery.load(), delivery.load()]);
  expect(first).toBe(second);
  expect(delivery.loaded()).toBe(first);
  expect(first).toEqual({ number: 1 } as unknown as Delivery);
});

it('brings the patterns, and has the player scrubbed with them', async () => {
  const { delivery, scrub, scrubbed } = setUp();
  expect(scrub('a=b')).toBe('[Filtered]');
  await delivery.load();
  expect(scrub('a=b')).toBe('A=B');
  expect(scrubbed()).toBe(1);
});

it('resolves to nothing where the chunk does not arrive, and tries again', async () => {
  const { delivery } = setUp();
  arrives = false;
  expect(await delivery.load()).toBeUndefined();
  expect(delivery.loaded()).toBeUndefined();
  arrives = true;
  expect(await delivery.load()).toBeDefined();
});
