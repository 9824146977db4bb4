import { type LaunchParams, splitLaunchParams } from '@artel/telemetry-protocol/scrub';
import { attempt } from '../../environment';

/**
 * Where telegram-web-app.js and tma.js keep the parameters over a reload of the tab, the one as an object, the other as
 * a query. Nothing is ever written there from here.
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

/**
 * Answers Telegram's launch parameters and takes them out of the address bar, hash and query, before an error report, a
 * replay, a router or a page label can see them: call it while the app's first module is evaluated. The rest of the
 * address, the router's state and the length of the history stay. After a reload without them it answers what Telegram's
 * own scripts kept. They hold the player's signed data: for no event, no log line and no storage.
 *
 * `strip: false` leaves the address as it is.
 */
export function takeLaunchParams(strip = true): LaunchParams {
  // On a server, or in a frame that may not.
  attempt(() => {
    const [hash, fromHash] = splitLaunchParams(location.hash);
    const [query, fromQuery] = splitLaunchParams(location.search);
    const found = { ...fromQuery, ...fromHash };
    if (!Object.keys(found)[0]) return;
    taken = found;
    if (strip) history.replaceState(history.state, '', location.pathname + query + hash);
  });
  return Object.keys(taken)[0] ? taken : recall();
}
