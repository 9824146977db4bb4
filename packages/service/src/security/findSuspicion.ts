import { isPrivateKey } from '@artel/telemetry-protocol/scrub';
import { inspectText, type Suspicion } from './detect/inspectText';

/** A suspicious value, and where it was. */
export interface Finding extends Suspicion {
  /** The way to it through keys, such as `filter.name`; never a part of the value. */
  readonly where: string;
  /** Whether it is a password or another secret, by its name. These may be anything, and are never refused. */
  readonly isPrivate: boolean;
}

/** How deep, over how many values, and over how many UTF-16 units a request is looked at. */
const MAX_DEPTH = 8;
const MAX_VALUES = 500;
const MAX_LENGTH = 32 * 1024;
const WHERE_LENGTH = 80;

interface Walk {
  values: number;
  length: number;
  /** The keys that lead to where it is. Said in words only where something is found: it is walked at each request. */
  readonly keys: string[];
  worst: Finding | undefined;
}

function whereOf(keys: readonly string[]): string {
  return keys
    .map((key) => key.slice(0, 40).replace(/[^\w.-]/g, '?'))
    .join('.')
    .slice(0, WHERE_LENGTH);
}

function look(walk: Walk, text: string): void {
  if (text.length < 3 || walk.length >= MAX_LENGTH) return;
  walk.length += Math.min(text.length, 5_120);
  const suspicion = inspectText(text);
  if (!suspicion || suspicion.score <= (walk.worst?.score ?? 0)) return;
  walk.worst = { ...suspicion, where: whereOf(walk.keys), isPrivate: walk.keys.some(isPrivateKey) };
}

function visit(walk: Walk, value: unknown): void {
  if (++walk.values > MAX_VALUES) return;
  if (typeof value === 'string') {
    look(walk, value);
    return;
  }
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
  if (walk.keys.length >= MAX_DEPTH) return;
  for (const key of Object.keys(value)) {
    if (walk.values > MAX_VALUES) return;
    walk.keys.push(key);
    look(walk, key);
    visit(walk, (value as Readonly<Record<string, unknown>>)[key]);
    walk.keys.pop();
  }
}

/**
 * The most suspicious string within `data`, keys included, if any: through objects and lists, to a depth of 8, over 500 values and
 * 32 KiB; what is beyond is not looked at. Never throws, whatever the getters and proxies of `data` do.
 */
export function findSuspicion(data: unknown): Finding | undefined {
  const walk: Walk = { values: 0, length: 0, keys: [], worst: undefined };
  try {
    visit(walk, data);
  } catch {
    // A getter that throws: what was read so far is all there is.
  }
  return walk.worst;
}
