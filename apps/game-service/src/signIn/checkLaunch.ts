import { AuthDateInvalidError, ExpiredError, SignatureMissingError, validate } from '@tma.js/init-data-node';

/** Why a launch is refused. */
export const launchRefusals = ['malformed', 'bad_signature', 'expired', 'from_future'] as const;

/** What became of a launch of the Mini App: its user, or why it is refused. */
export type Launch =
  | { readonly kind: 'genuine'; readonly userId: string }
  | { readonly kind: 'refused'; readonly reason: (typeof launchRefusals)[number] };

/** How old a launch may be, in seconds. */
const MAX_AGE = 3_600;
/** How far Telegram's clock may be ahead of ours, in seconds. */
const MAX_AHEAD = 60;

const refused = (reason: Extract<Launch, { kind: 'refused' }>['reason']): Launch => ({
  kind: 'refused',
  reason,
});

function userIdOf(user: string | null): string | undefined {
  try {
    const parsed: unknown = JSON.parse(user ?? '');
    if (typeof parsed !== 'object' || parsed === null || !('id' in parsed)) return undefined;
    return Number.isSafeInteger(parsed.id) ? String(parsed.id) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Checks Telegram's initData: signed for this bot over all fields but `hash`, `signature` among them, and not older than an hour.
 *
 * https://core.telegram.org/bots/webapps#validating-data-received-via-the-mini-app
 */
export function checkLaunch(initData: string, botToken: string, now: number): Launch {
  const fields = new URLSearchParams(initData);
  // A second field of a name would be one that the signature covers or one that is read, as it pleases.
  if (new Set(fields.keys()).size !== [...fields.keys()].length) return refused('malformed');
  try {
    validate(fields, botToken, { expiresIn: 0 });
  } catch (error) {
    const isMalformed = error instanceof SignatureMissingError || error instanceof AuthDateInvalidError;
    if (error instanceof ExpiredError) return refused('expired');
    return refused(isMalformed ? 'malformed' : 'bad_signature');
  }
  const age = now / 1_000 - Number(fields.get('auth_date'));
  if (!(age <= MAX_AGE)) return refused('expired');
  if (age < -MAX_AHEAD) return refused('from_future');
  const userId = userIdOf(fields.get('user'));
  return userId === undefined ? refused('malformed') : { kind: 'genuine', userId };
}
