import { flush } from '@sentry/react';

/** Sends what waits; answers whether all of it left within `timeout` ms. Never rejects. */
export async function flushSentry(timeout = 2_000): Promise<boolean> {
  try {
    return await flush(timeout);
  } catch {
    return false;
  }
}
