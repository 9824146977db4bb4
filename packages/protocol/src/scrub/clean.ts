import type { Fields } from '../batch';
import { shortenFields } from './fields';
import { scrubText } from './text';
import { truncate } from './truncate';

/** Truncates, scrubs, and truncates again, so that a text of any length costs no more than one of `max`. */
export function cleanText(text: string, max: number): string {
  return truncate(scrubText(truncate(text, max)), max);
}

/** Like `readFields`, with names and texts scrubbed. */
export function cleanFields(input: unknown, budget: number = Number.POSITIVE_INFINITY): Fields {
  return shortenFields(input, budget, cleanText);
}
