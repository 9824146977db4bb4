/** The parameters that Telegram adds to a Mini App's URL: `tgWebAppData`, `tgWebAppVersion`, ... Private: never send them. */
export type LaunchParams = Readonly<Record<string, string>>;

/** `tgShareScoreUrl` belongs to the older Games platform and contains a hash as well. */
const LAUNCH_PARAM = /^tg(?:WebApp|ShareScoreUrl)/i;

/** A broken escape leaves the text as it is. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text.replace(/\+/g, ' '));
  } catch {
    return text;
  }
}

/**
 * Splits a query or a fragment, given with its `?` or `#`, into the app's own part and Telegram's parameters. A hash
 * router's route and all other parameters stay as they were written.
 */
export function splitLaunchParams(text: string): readonly [rest: string, params: LaunchParams] {
  const params: Record<string, string> = {};
  /** The separator of the last removed pair: the next pair takes its place. */
  let separator = '';
  const rest = text.replace(/([?#&])([^?#&]*)/g, (_, before: string, pair: string) => {
    const at = `${pair}=`.indexOf('=');
    // Names may be encoded as well: `tgWebApp%44ata`.
    const name = decode(pair.slice(0, at));
    if (LAUNCH_PARAM.test(name)) {
      params[name] = decode(pair.slice(at + 1));
      separator ||= before;
      return '';
    }
    const kept = (separator || before) + pair;
    separator = '';
    return kept;
  });
  return [rest, params];
}
