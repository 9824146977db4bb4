import { describe, expect, it } from 'vitest';
import { openClient } from './client.fixture';

describe('before the later chunk is there', () => {
  it.each([7_123_456_789, '81234567-1234-4abc-8abc-1234567890ab'])(
    'takes %s for a pseudonym, though it resembles a telephone number at first',
    async (id) => {
      const users: unknown[] = [];
      const { gateway, page, telemetry } = openClient({ onUser: (user) => users.push(user) });
      telemetry.setUser(id);
      telemetry.trackUserAction('tap');
      await page.advance(6_000);
      expect(gateway.batches.map(({ user }) => user)).toEqual([String(id)]);
      expect(users).toEqual([String(id)]);
    },
  );

  it('makes no pseudonym of a telephone number, neither then nor later', async () => {
    const users: unknown[] = [];
    const { gateway, page, telemetry } = openClient({ onUser: (user) => users.push(user) });
    telemetry.setUser('+7 900 123-45-67');
    telemetry.trackUserAction('tap');
    await page.advance(6_000);
    expect(gateway.batches.map(({ user }) => user)).toEqual([undefined]);
    expect(users).toEqual([]);
  });
});
