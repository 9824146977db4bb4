/** What Telegram hands a Mini App in the address: `tgWebAppData`, `tgWebAppVersion`, … Never leaves memory. */
export type LaunchParams = Readonly<Record<string, string>>;

export interface SplitAddress {
  readonly params: LaunchParams;
  /** The fragment or query without Telegram's part, with its `#` or `?`; empty when nothing is left. */
  readonly rest: string;
}

// `tgShareScoreUrl` is the launch parameter of the older Games platform; it carries a hash as well.
const OURS = /^(?:tgWebApp|tgShareScoreUrl)/;

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

/**
 * Splits `#tgWebAppData=…&section=2` into Telegram's parameters and the app's own rest. A path before a `?` inside
 * the fragment is the app's.
 */
export function splitLaunchParams(text: string): SplitAddress {
  const mark = text.slice(0, 1);
  const body = text.slice(1);
  const question = mark === '#' ? body.indexOf('?') : -1;
  const path = question < 0 ? '' : body.slice(0, question);
  const pairs = (question < 0 ? body : body.slice(question + 1)).split('&');
  const params: Record<string, string> = {};
  const kept: string[] = [];
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    const key = equals < 0 ? pair : pair.slice(0, equals);
    if (!OURS.test(decode(key))) kept.push(pair);
    else params[decode(key)] = equals < 0 ? '' : decode(pair.slice(equals + 1));
  }
  if (Object.keys(params).length === 0) return { params, rest: text };
  const own = kept.filter((pair) => pair !== '').join('&');
  const rest = question < 0 ? own : path + (own && `?${own}`);
  return { params, rest: rest && mark + rest };
}

export interface Address {
  readonly location: Pick<Location, 'pathname' | 'search' | 'hash'>;
  readonly history: Pick<History, 'state' | 'replaceState'>;
}

/**
 * Takes the launch parameters out of the address bar, so that no error report, replay or page label can carry them,
 * and answers them. Telegram puts them into the fragment; its web clients some into the query as well.
 */
export function takeLaunchParams({ location, history }: Address): LaunchParams {
  const hash = splitLaunchParams(location.hash);
  const query = splitLaunchParams(location.search);
  const params = { ...query.params, ...hash.params };
  if (Object.keys(params).length === 0) return params;
  try {
    history.replaceState(history.state, '', location.pathname + query.rest + hash.rest);
  } catch {
    // A sandboxed frame may forbid it; the telemetry client scrubs addresses as the second line.
  }
  return params;
}
