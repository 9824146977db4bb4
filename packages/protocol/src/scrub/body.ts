import { FILTERED, isPrivateKey } from './names';
import { scrubText } from './text';

/**
 * Scrubs the text of a request body: JSON with `scrubObject`, a form field by field, anything else with `scrubText`.
 * Never throws.
 */
export function scrubBody(body: string, scrubObject: (parsed: object) => unknown): string {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === 'object' && parsed !== null) return JSON.stringify(scrubObject(parsed));
  } catch {
    // Not JSON.
  }
  const fields = body.replace(/(^|&)([^=&\s]+)=([^&]*)/g, (all, before: string, name: string) =>
    isPrivateKey(name) ? `${before}${name}=${FILTERED}` : all,
  );
  return scrubText(fields);
}
