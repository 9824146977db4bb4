import { getClient } from '@sentry/react';
import { openGate } from './gateTransport';
import { allowReplay, stopReplay } from './startReplay';

/** `false` stops the recorder and lets nothing leave from now on; `true` resumes. */
export function setSentryConsent(granted: boolean): void {
  openGate(granted);
  const client = getClient();
  if (client) client.getOptions().enabled = granted;
  if (granted) allowReplay();
  else stopReplay();
}
