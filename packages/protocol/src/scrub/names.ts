/** Replaces a secret or personal data. */
export const FILTERED = '[Filtered]';

/**
 * The source of a pattern for names whose values are always private. Case does not matter; `.?` stands for an
 * optional `_` or `-`.
 */
export const PRIVATE_NAMES =
  '(?:[a-z]{1,9}.?)?(?:token|secret|passw(?:or)?d|api.?key)|pwd|auth(?:orization)?|(?:set.?)?cookie|key|init.?data(?:.?(?:raw|unsafe))?|tgWebApp\\w{1,20}|hash|signature|query.?id|chat.?instance|start.?param|(?:first|last|full|user).?name|photo.?url|phone(?:.?number)?|email|card(?:.?number)?|cvv';

const PRIVATE_KEY = new RegExp(`^(?:${PRIVATE_NAMES})$`, 'i');

/** Telegram's user, the other user of a private chat, and the chat. */
const PERSON_KEY = /^(?:user|receiver|chat)$/;

/**
 * Returns whether the value of `key` is private by its name alone (`token`, `initData`, `first_name`, ...). With
 * `value`, also recognises Telegram's user, receiver and chat: objects with an id, of which no field may pass.
 */
export function isPrivateKey(key: string, value?: unknown): boolean {
  return (
    key.length < 24 &&
    (PRIVATE_KEY.test(key) ||
      (typeof value === 'object' && value !== null && PERSON_KEY.test(key) && 'id' in value))
  );
}
