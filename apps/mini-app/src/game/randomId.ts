/**
 * A random id of 32 hex digits, for a game that has no number (telemetry knows such a segment of a path for an id) or as
 * the key of a command.
 * Not `crypto.randomUUID`, which is missing where the page is not served over https.
 */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
