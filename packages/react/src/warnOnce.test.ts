import { expect, it, vi } from 'vitest';
import { warnOnce } from './warnOnce';

it('warns about each message once', () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  for (const message of ['one', 'two', 'one']) warnOnce(message);
  expect(warn.mock.calls).toEqual([['[artel-telemetry] one'], ['[artel-telemetry] two']]);
  warn.mockRestore();
});
