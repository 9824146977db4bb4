import { format } from 'node:util';
import { scrubLine, scrubTree } from '../scrubTree';
import { remember } from './remember';

// Most messages are the same few, and looking one up is cheaper than looking through it.
const scrubShort = remember(scrubLine, 500);

function scrubMessage(text: string): string {
  return text.length <= 100 ? scrubShort(text) : scrubLine(text);
}

function plain(value: unknown): unknown {
  if (typeof value === 'string' || typeof value === 'number') return value;
  const scrubbed = scrubTree(value);
  return typeof scrubbed === 'object' ? JSON.stringify(scrubbed) : String(scrubbed);
}

/** The message of a line, `%s` and its like filled in, scrubbed. Objects are scrubbed as trees before they become text. */
export function formatMessage(args: readonly unknown[]): string {
  const [first, ...rest] = args;
  if (rest.length === 0)
    return typeof first === 'string' ? scrubMessage(first) : scrubLine(String(plain(first)));
  const text = String(plain(first));
  const places = text.match(/%[sdifjoO]/g)?.length ?? 0;
  return scrubLine(format(text.replace(/%[joO]/g, '%s'), ...rest.slice(0, places).map(plain)));
}
