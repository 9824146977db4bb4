/** What Telegram hands a Mini App in the address: `tgWebAppData`, `tgWebAppVersion`, … Private: never for an event. */
export type LaunchParams = Readonly<Record<string, string>>;

/** `tgShareScoreUrl` is of the older Games platform; it carries a hash as well. */
const OURS = /^tg(?:WebApp|ShareScoreUrl)/i;

/**
 * Splits a query or a fragment, with its `?` or `#`, into the app's own rest and Telegram's parameters. A hash router's
 * route and every other pair stay as they were written.
 */
export function splitLaunchParams(text: string): readonly [rest: string, params: LaunchParams] {
  const params: Record<string, string> = {};
  /** The sign before what was taken last: what stands behind it comes into its place. */
  let sign = '';
  const rest = text.replace(/([?#&])([^?#&]*)/g, (_, before: string, pair: string) => {
    // Decodes names too (`tgWebApp%44ata`), and bears half an escape.
    const [[name, value] = ['', '']] = new URLSearchParams(pair);
    if (OURS.test(name)) {
      params[name] = value;
      sign ||= before;
      return '';
    }
    const kept = (sign || before) + pair;
    sign = '';
    return kept;
  });
  return [rest, params];
}
