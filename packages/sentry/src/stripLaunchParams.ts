import { splitLaunchParams } from '@artel/telemetry-protocol/scrub';

/**
 * Takes Telegram's launch parameters out of an address's query and fragment. A hash router's route and every other
 * parameter stay; answers the address itself when there is nothing to take.
 */
export function cleanAddress(address: string): string {
  const { origin, pathname, search, hash } = new URL(address);
  const parts = [splitLaunchParams(search), splitLaunchParams(hash)];
  if (parts.every(([, params]) => Object.keys(params).length === 0)) return address;
  return origin + pathname + parts.map(([rest]) => rest).join('');
}

/** Whether an address holds launch parameters, in whichever spelling. */
export function holdsLaunchParams(address: string): boolean {
  return /tgWebApp/i.test(address) || cleanAddress(address) !== address;
}

/**
 * Takes the launch parameters out of the address bar without a new history entry. A replay's first frame holds
 * `location.href`, and no hook sees that frame (https://github.com/getsentry/sentry-javascript/issues/9871).
 * `telegram()` of the client has done it long before; this is for Sentry alone. telegram-web-app.js and tma.js have
 * read them by then and keep them in the session storage. Answers whether the address is clean now.
 */
export function stripLaunchParams(): boolean {
  try {
    const clean = cleanAddress(location.href);
    if (clean !== location.href) history.replaceState(history.state, '', clean);
    return !holdsLaunchParams(location.href);
  } catch {
    return false;
  }
}
