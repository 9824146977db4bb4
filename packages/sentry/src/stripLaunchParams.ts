/** Drops the `tgWebApp…` pairs of a `name=value&…` text and keeps the rest as it was written. */
function withoutLaunchParams(pairs: string): string {
  return pairs
    .split('&')
    .filter((pair) => !/^tgWebApp/i.test(pair))
    .join('&');
}

function split(text: string): [string, string] {
  const at = text.indexOf('?');
  return at < 0 ? ['', text] : [text.slice(0, at + 1), text.slice(at + 1)];
}

/**
 * Takes Telegram's launch parameters out of an address's query and fragment. A hash router's route and every other
 * parameter stay; answers the address itself when there is nothing to take.
 */
export function cleanAddress(address: string): string {
  if (!/tgWebApp/i.test(address)) return address;
  const url = new URL(address);
  const query = withoutLaunchParams(url.search.slice(1));
  const [route, pairs] = split(url.hash.slice(1));
  const kept = withoutLaunchParams(pairs);
  const fragment = kept === '' ? route.replace(/\?$/, '') : route + kept;
  return `${url.origin}${url.pathname}${query && `?${query}`}${fragment && `#${fragment}`}`;
}

/**
 * Takes the launch parameters out of the address bar without a new history entry. A replay's first frame holds
 * `location.href`, and no hook sees that frame (https://github.com/getsentry/sentry-javascript/issues/9871).
 * telegram-web-app.js and tma.js have read them by then and keep them in the session storage.
 * Answers whether the address is clean now.
 */
export function stripLaunchParams(): boolean {
  try {
    const clean = cleanAddress(location.href);
    if (clean !== location.href) history.replaceState(history.state, '', clean);
    return !/tgWebApp/i.test(location.href);
  } catch {
    return false;
  }
}
