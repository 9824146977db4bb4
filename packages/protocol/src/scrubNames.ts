/** What stands where a secret or a person's data stood. */
export const FILTERED = '[Filtered]';

/** Names whose value is private whatever it is, as the source of a pattern; case does not count, and `.?` is a `_` or `-`. */
export const PRIVATE_NAMES =
  '(?:[a-z]{1,9}.?)?(?:token|secret|passw(?:or)?d|api.?key)|pwd|auth(?:orization)?|(?:set.?)?cookie|key|init.?data(?:.?(?:raw|unsafe))?|tgWebApp\\w{1,20}|hash|signature|query.?id|chat.?instance|start.?param|(?:first|last|full|user).?name|photo.?url|phone(?:.?number)?|email|card(?:.?number)?|cvv';

const PRIVATE_KEY = new RegExp(`^(?:${PRIVATE_NAMES})$`, 'i');

/** Telegram's user, the other one, and the chat. */
const PERSON_KEY = /^(?:user|receiver|chat)$/;

/**
 * Tells whether the value under `key` is private by its name alone (`token`, `initData`, `first_name`, …), or, where
 * `value` is given, is Telegram's user, receiver or chat: an object with an id, of which no field may pass.
 */
export function isPrivateKey(key: string, value?: unknown): boolean {
  return (
    key.length < 24 &&
    (PRIVATE_KEY.test(key) ||
      (typeof value === 'object' && value !== null && PERSON_KEY.test(key) && 'id' in value))
  );
}
