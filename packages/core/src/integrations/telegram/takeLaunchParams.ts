import { type LaunchParams, splitLaunchParams } from '@artel/telemetry-protocol';
import { attempt } from '../../page/environment';

/**
 * Where telegram-web-app.js and tma.js keep the parameters over a reload of the tab, the former as an object, the latter
 * as a query. This package never writes there.
 */
const KEPT = ['__telegram__initParams', 'tapps/launchParams'];

let taken: LaunchParams = {};

function recall(): LaunchParams {
  for (const key of KEPT) {
    const kept = attempt((): unknown => JSON.parse(sessionStorage.getItem(key) ?? '0'));
    const params = typeof kept === 'string' ? splitLaunchParams(`?${kept}`)[1] : Object(kept);
    if (Object.keys(params)[0]) return params;
  }
  return {};
}

/** `takeLaunchParams` without what is kept: the first look into storage takes longer than the rest of the start. */
export function takeFromAddress(strip = true): LaunchParams {
  // There is no address on a server, and no access to the history in some frames.
  attempt(() => {
    const [hash, fromHash] = splitLaunchParams(location.hash);
    const [query, fromQuery] = splitLaunchParams(location.search);
    const found = { ...fromQuery, ...fromHash };
    if (!Object.keys(found)[0]) return;
    taken = found;
    if (strip) history.replaceState(history.state, '', location.pathname + query + hash);
  });
  return taken;
}

/**
 * Returns Telegram's launch parameters and takes them out of the address bar, hash and query, before an error report, a
 * replay, a router or a page label can see them: call it while the app's first module is evaluated. The rest of the
 * address, the router's state and the length of the history stay. After a reload without them it returns what Telegram's
 * own scripts have kept. They contain the player's signed data: they belong in no event, log line or storage.
 *
 * `strip: false` leaves the address as it is.
 */
export function takeLaunchParams(strip = true): LaunchParams {
  const found = takeFromAddress(strip);
  return Object.keys(found)[0] ? found : recall();
}
