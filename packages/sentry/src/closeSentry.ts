import { flushSentry } from './flushSentry';
import { setSentryConsent } from './setSentryConsent';

/** Sends what waits, then lets nothing more leave until `setSentryConsent(true)`. Never rejects. */
export async function closeSentry(): Promise<void> {
  await flushSentry();
  setSentryConsent(false);
}
