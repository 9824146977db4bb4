import { isPrivateKey } from '@artel/telemetry-protocol';
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
const MAX_LENGTH = 64 * 1024;
const WHERE_LENGTH = 80;

interface Walk {
  values: number;
  length: number;
  worst: Finding | undefined;
}

function step(where: string, key: string): string {
  const clean = key.slice(0, 40).replace(/[^\w.-]/g, '?');
  return (where === '' ? clean : `${where}.${clean}`).slice(0, WHERE_LENGTH);
}

function look(walk: Walk, text: string, where: string, isPrivate: boolean): void {
  if (text.length < 3 || walk.length >= MAX_LENGTH) return;
  walk.length += Math.min(text.length, 5_120);
  const suspicion = inspectText(text);
  if (suspicion && suspicion.score > (walk.worst?.score ?? 0)) {
    walk.worst = { ...suspicion, where, isPrivate };
  }
}

function visit(walk: Walk, value: unknown, where: string, isPrivate: boolean, depth: number): void {
  if (++walk.values > MAX_VALUES) return;
  if (typeof value === 'string') {
    look(walk, value, where, isPrivate);
    return;
  }
  if (typeof value !== 'object' || value === null || depth >= MAX_DEPTH || ArrayBuffer.isView(value)) return;
  if (Array.isArray(value)) {
    for (const item of value) {
      if (walk.values > MAX_VALUES) return;
      visit(walk, item, where, isPrivate, depth + 1);
    }
    return;
  }
  for (const [key, item] of Object.entries(value)) {
    if (walk.values > MAX_VALUES) return;
    const next = step(where, key);
    look(walk, key, next, false);
    visit(walk, item, next, isPrivate || isPrivateKey(key), depth + 1);
  }
}

/**
 * The most suspicious string within `data`, keys included, if any: through objects and lists, to a depth of 8, over 500 values and
 * 64 KiB; what is beyond is not looked at. Never throws, whatever the getters and proxies of `data` do.
 */
export function findSuspicion(data: unknown): Finding | undefined {
  const walk: Walk = { values: 0, length: 0, worst: undefined };
  try {
    visit(walk, data, '', false, 0);
  } catch {
    // A getter that throws: what was read so far is all there is.
  }
  return walk.worst;
}
