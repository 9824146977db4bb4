/** Most characters of a text that a message quotes. */
const QUOTED = 60;

/** Returns a value as an error message quotes it: short, and never throws for what JSON can contain. */
export function show(value: unknown): string {
  // `String` throws for an object with a `toString` that is not a function.
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'an array' : 'an object';
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > QUOTED ? `${text.slice(0, QUOTED)}… (${text.length} characters)` : text;
}
