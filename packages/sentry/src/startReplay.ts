import { addIntegration, getClient } from '@sentry/react';
import type { ReplaySelectors } from './options';
import type { createReplay } from './replay';
import { holdsLaunchParams, stripLaunchParams } from './stripLaunchParams';

let recorder: ReturnType<typeof createReplay> | undefined;
let allowed = true;
let asked: readonly [strip: boolean, selectors: ReplaySelectors | undefined] | undefined;

/**
 * Loads the recorder and adds it to the client that runs now; a page has one recorder, whatever happens. Does nothing
 * while the address holds Telegram's launch parameters: the recording would. Never rejects: without the chunk there is
 * no replay, and nothing else is lost.
 */
export async function startReplay(strip: boolean, selectors?: ReplaySelectors): Promise<void> {
  asked = [strip, selectors];
  const client = getClient();
  if (!client || recorder) return;
  try {
    const { createReplay } = await import('./replay');
    if (recorder || !allowed || getClient() !== client) return;
    if (strip ? !stripLaunchParams() : holdsLaunchParams(location.href)) return;
    recorder = createReplay(selectors);
    addIntegration(recorder);
  } catch {
    // The chunk did not arrive, or this WebView cannot record.
  }
}

/** Stops recording at once, sends nothing of what is buffered, and lets none begin. */
export function stopReplay(): void {
  allowed = false;
  recorder?.stop({ flush: false }).catch(() => {});
}

/** Lets recordings begin again: one that was stopped goes on for errors, one that never began starts. */
export function allowReplay(): void {
  if (allowed) return;
  allowed = true;
  if (recorder) recorder.startBuffering();
  else if (asked !== undefined) void startReplay(...asked);
}
