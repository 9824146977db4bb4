/** What Telegram hands a Mini App in the address: `tgWebAppData`, `tgWebAppVersion`, … Private: never for an event. */
export type LaunchParams = Readonly<Record<string, string>>;

/** `tgShareScoreUrl` is of the older Games platform; it carries a hash as well. */
const OURS = /^tg(?:WebApp|ShareScoreUrl)/i;

/** Half an escape is left as it stands. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text.replace(/\+/g, ' '));
  } catch {
    return text;
  }
}

/**
 * Splits a query or a fragment, with its `?` or `#`, into the app's own rest and Telegram's parameters. A hash router's
 * route and every other pair stay as they were written.
 */
export function splitLaunchParams(text: string): readonly [rest: string, params: LaunchParams] {
  const params: Record<string, string> = {};
  /** The sign before what was taken last: what stands behind it comes into its place. */
  let sign = '';
  const rest = text.replace(/([?#&])([^?#&]*)/g, (_, before: string, pair: string) => {
    const at = `${pair}=`.indexOf('=');
    // Names may be encoded as well: `tgWebApp%44ata`.
    const name = decode(pair.slice(0, at));
    if (OURS.test(name)) {
      params[name] = decode(pair.slice(at + 1));
      sign ||= before;
      return '';
    }
    const kept = (sign || before) + pair;
    sign = '';
    return kept;
  });
  return [rest, params];
}
