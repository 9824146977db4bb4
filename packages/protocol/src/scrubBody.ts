import { scrubText } from './scrub';
import { FILTERED, isPrivateKey } from './scrubNames';

/**
 * Scrubs the body of a request that came as text: JSON as `scrubObject` scrubs it, a form field by field, anything else as
 * words. Never throws for what is no JSON.
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
