import { expect, it } from 'vitest';
import { scrubFields } from './scrubTree';

const chat = { id: -100_123, title: 'Canary club', type: 'group' };

it('lets no field of Telegram’s user, receiver or chat through, as the client and Sentry do not', () => {
  const clean = scrubFields({ chat, nested: { user: { id: 279_058_397 } }, 'launch.receiver': { id: 1 } });
  expect(clean).toEqual({
    chat: '[Filtered]',
    nested: { user: '[Filtered]' },
    'launch.receiver': '[Filtered]',
  });
});

it('lets a user pass that is a name for something else', () => {
  expect(scrubFields({ user: 'system', chat: { lines: 3 } })).toEqual({ user: 'system', chat: { lines: 3 } });
});
