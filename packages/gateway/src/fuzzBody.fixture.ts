import { gzipSync } from 'node:zlib';
import type { Dice } from './dice.fixture';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

const names = [
  'metrics',
  'logs',
  'spans',
  'name',
  'value',
  'values',
  'labels',
  'timestamp',
  'exemplar',
  'traceId',
  'spanId',
  'producer',
  'seq',
  'key',
  'token',
  'v',
  'app',
  'dropped',
  'fields',
  'level',
  'message',
  'start',
  'duration',
  'initData',
  '__proto__',
  'constructor',
  'toString',
  '',
  '\ud800',
  'a\nb',
];
const texts = [
  '',
  'a',
  'shots',
  'game_event_total',
  'api_request_duration_ms',
  'a b',
  '0',
  '-1',
  'NaN',
  'null',
  '__proto__',
  '\u0000',
  '\ud800',
  '\udfff\ud800',
  '\u202e',
  '😀',
  'ё'.repeat(200),
  '{"a":',
  '"\\',
  '\r\nX: y',
  '%00',
  '%',
  '/users/42?x=1#y',
  'a@b.example',
  'hash=0&user=%7B',
  'tma query_id',
  '../../etc',
  '$&',
  '<script>',
  "' OR 1=1",
  'eyJ.a.b',
  '1'.repeat(64),
  'f'.repeat(32),
];
const numbers = [
  0,
  -0,
  1,
  -1,
  0.1,
  1e9,
  1e9 + 1,
  1e12,
  1e13,
  2 ** 31,
  2 ** 53,
  2 ** 53 + 2,
  1e-320,
  1e308,
  Number.MIN_VALUE,
];
/** What JSON.stringify would never write. */
const raws = [
  '1e999',
  '-1e999',
  'NaN',
  'undefined',
  '0x10',
  '01',
  '.5',
  '1.',
  '+1',
  "'a'",
  '[,]',
  '"\\x"',
  '"\\ud8"',
  'tru',
  '\ufeff1',
];

const HOLE = '\u0001hole\u0001';

function anyJson(dice: Dice, depth = 0): Json {
  switch (dice.below(depth > 4 ? 4 : 7)) {
    case 0:
      return dice.pick([null, true, false]);
    case 1:
      return dice.pick(numbers);
    case 2:
      return dice.chance(0.2) ? 'x'.repeat(dice.below(9_000)) : dice.pick(texts);
    case 3:
      return HOLE;
    case 4:
      return Array.from({ length: dice.below(5) }, () => anyJson(dice, depth + 1));
    default:
      return Object.fromEntries(
        Array.from({ length: dice.below(6) }, () => [dice.pick(names), anyJson(dice, depth + 1)] as const),
      );
  }
}

/** Changes a value in some places, `often` of 1 as many as it might: by its grammar, so that what comes out is near to what went in. */
function mutate(dice: Dice, value: Json, often: number, depth = 0): Json {
  const chance = (part: number): boolean => dice.chance(part * often);
  if (chance(depth === 0 ? 0.02 : 0.06)) return anyJson(dice, depth);
  if (Array.isArray(value)) {
    const items = value.flatMap((one: Json) => {
      if (chance(0.05)) return [];
      const changed = mutate(dice, one, often, depth + 1);
      return chance(0.05) ? [changed, changed] : [changed];
    });
    return chance(0.05) ? [...items, anyJson(dice, depth)] : items;
  }
  if (typeof value === 'object' && value !== null) {
    const pairs = Object.entries(value).flatMap(([name, one]): (readonly [string, Json])[] =>
      chance(0.04) ? [] : [[chance(0.04) ? dice.pick(names) : name, mutate(dice, one, often, depth + 1)]],
    );
    if (chance(0.1)) pairs.push([dice.pick(names), anyJson(dice, depth + 1)]);
    return Object.fromEntries(pairs);
  }
  if (typeof value === 'number' && chance(0.1)) return dice.pick(numbers);
  if (typeof value === 'string' && chance(0.1))
    return dice.pick([value + dice.pick(texts), dice.pick(texts)]);
  return value;
}

/** As text, with what JSON cannot say in the holes, and now and then a name twice. */
function textOf(dice: Dice, value: Json): string {
  const text = JSON.stringify(value).replaceAll(JSON.stringify(HOLE), () => dice.pick(raws));
  return dice.chance(0.03) ? text.replace('{', `{${JSON.stringify(dice.pick(names))}:1,`) : text;
}

function noise(dice: Dice, most: number): Buffer {
  return Buffer.from(Array.from({ length: dice.below(most) }, () => dice.below(256)));
}

/** Flips, cuts, doubles or adds some bytes. */
export function spoil(dice: Dice, bytes: Buffer): Buffer {
  const at = dice.below(bytes.length + 1);
  switch (dice.below(4)) {
    case 0:
      return bytes.subarray(0, at);
    case 1:
      return Buffer.concat([bytes.subarray(0, at), noise(dice, 20), bytes.subarray(at)]);
    case 2:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(dice.below(at + 1))]);
    default: {
      const spoilt = Buffer.from(bytes);
      for (let flips = 1 + dice.below(4); flips > 0 && spoilt.length > 0; flips--) {
        const place = dice.below(spoilt.length);
        spoilt[place] = (spoilt[place] ?? 0) ^ (1 << dice.below(8));
      }
      return spoilt;
    }
  }
}

/** A body: a right one, one that is nearly right, one of any JSON, or noise; whole, spoilt, gzipped, or several of these. */
export function fuzzBody(dice: Dice, right: Json): Buffer {
  const kind = dice.below(20);
  if (kind === 0) return noise(dice, 3_000);
  if (kind === 1) return Buffer.concat([Buffer.of(0x1f, 0x8b, 8, 0), noise(dice, 300)]);
  const value = kind === 2 ? anyJson(dice) : mutate(dice, right, dice.pick([0, 0.1, 0.3, 1]));
  let bytes: Buffer = Buffer.from(textOf(dice, value));
  if (dice.chance(0.2)) bytes = spoil(dice, bytes);
  if (!dice.chance(0.3)) return bytes;
  const gzipped = gzipSync(bytes, { level: dice.pick([0, 1, 9]) });
  return dice.chance(0.4) ? spoil(dice, gzipped) : gzipped;
}
