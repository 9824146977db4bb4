import { vi } from 'vitest';
import { WAIT_PATIENCE } from './vitest.patience.ts';

// Vitest has no setting for these two, whose second is over on a busy machine.
const { waitFor, waitUntil } = vi;
const patiently = <Options extends object>(options: number | Options | undefined) =>
  typeof options === 'number' ? options : { timeout: WAIT_PATIENCE, ...options };
vi.waitFor = (callback, options) => waitFor(callback, patiently(options));
vi.waitUntil = (callback, options) => waitUntil(callback, patiently(options));
