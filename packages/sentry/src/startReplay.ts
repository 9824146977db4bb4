import { splitLaunchParams } from '@artel/telemetry-protocol/scrub';
import { addIntegration, getClient } from '@sentry/react';
import type { ReplaySelectors } from './options';
import type { createReplay } from './replay';

/**
 * Removes Telegram's launch parameters from an address's query and fragment. A hash router's route and every other
 * parameter are kept; an address without launch parameters is returned as it is.
 */
export function cleanAddress(address: string): string {
  const { origin, pathname, search, hash } = new URL(address);
  const parts = [splitLaunchParams(search), splitLaunchParams(hash)];
  if (parts.every(([, params]) => Object.keys(params).length === 0)) return address;
  return origin + pathname + parts.map(([rest]) => rest).join('');
}

/** Returns whether an address contains launch parameters, in any spelling. */
function hasLaunchParams(address: string): boolean {
  return /tgWebApp/i.test(address) || cleanAddress(address) !== address;
}

/**
 * Removes the launch parameters from the page's address, without a new history entry. A replay's first frame contains
 * `location.href`, and no hook gets that frame (https://github.com/getsentry/sentry-javascript/issues/9871). The
 * client's `telegram()` has removed them long before; this is for Sentry alone. telegram-web-app.js and tma.js have read
 * them by then and keep them in the session storage. Returns whether the address is clean now.
 */
export function stripLaunchParams(): boolean {
  try {
    const clean = cleanAddress(location.href);
    if (clean !== location.href) history.replaceState(history.state, '', clean);
    return !hasLaunchParams(location.href);
  } catch {
    return false;
  }
}

let replay: ReturnType<typeof createReplay> | undefined;
let allowed = true;
let lastStart: readonly [strip: boolean, selectors: ReplaySelectors | undefined] | undefined;

/**
 * Loads the recorder and adds it to the running client, once a page. Does nothing while the address contains launch
 * parameters, which the recording would contain too. Never rejects: without its chunk there is no replay, and nothing
 * else is lost.
 */
export async function startReplay(strip: boolean, selectors?: ReplaySelectors): Promise<void> {
  lastStart = [strip, selectors];
  const client = getClient();
  if (!client || replay) return;
  try {
    const { createReplay } = await import('./replay');
    if (replay || !allowed || getClient() !== client) return;
    if (strip ? !stripLaunchParams() : hasLaunchParams(location.href)) return;
    replay = createReplay(selectors);
    addIntegration(replay);
  } catch {
    // The chunk did not load, or this WebView cannot record.
  }
}

/** Stops recording at once, sends nothing of what is buffered, and lets no recording start. */
export function stopReplay(): void {
  allowed = false;
  replay?.stop({ flush: false }).catch(() => {});
}

/** Lets recordings start again: a stopped one resumes, buffering until an error; one that never started starts. */
export function allowReplay(): void {
  if (allowed) return;
  allowed = true;
  if (replay) replay.startBuffering();
  else if (lastStart) void startReplay(...lastStart);
}
