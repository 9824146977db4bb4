import { randomUUID } from 'node:crypto';
import { limits, type MetricPoint } from '@artel/telemetry-protocol';
import { isDeeper } from './nesting';

/** What is known of the points that begin with one text: name, labels, and what their reader has noted of them. */
export interface PointHead {
  /** Makes a point of this name, with these labels. */
  withValue(timestamp: number, value: number): MetricPoint;
  withValues(timestamp: number, values: readonly number[]): MetricPoint;
}

export interface PointTextOptions {
  /** The head of a point that has nothing but `name` and `labels` yet; `undefined` when it is not worth remembering. */
  readonly headOf: (point: object) => PointHead | undefined;
  /** The most heads that are remembered; over it all are forgotten, and learnt anew. */
  readonly max?: number;
}

/**
 * Reads a batch's text as `JSON.parse` would, and spares it the points: most are of a series that was met before, written
 * by our own client, `{"name":…,"labels":…,"timestamp":…,"value":…}` without a space. Up to the timestamp such a point is
 * text that has been read and checked before, and behind it there are a few digits. Answers `undefined` for whatever is
 * written in another way: that is to be parsed.
 */
export type PointText = (text: string, depth: number) => unknown;

const MAX_HEADS = 20_000;
/** In UTF-16 units. What is longer is no series that comes often. */
const MAX_HEAD = 512;

const METRICS = '"metrics":[';
const TIMESTAMP = ',"timestamp":';
const VALUE = ',"value":';
const VALUES = ',"values":[';
/** A batch, its metrics, a point, its labels. */
const POINT_DEPTH = 4;

/**
 * Stands in the batch's text for the points while the rest is parsed. Nobody can guess it, so that where it comes out as
 * `metrics`, what was cut out was `metrics`: no part of a string, no other field, not the first of two of one name.
 */
const CUT = randomUUID();
const CUT_TEXT = `"metrics":"${CUT}"`;

const COMMA = 0x2c;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const CLOSING_BRACKET = 0x5d;
const CLOSING_BRACE = 0x7d;

/** With so many digits an integer is exact. */
const EXACT_DIGITS = 15;
const POWERS = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15] as const;

const isDigit = (unit: number): boolean => unit >= ZERO && unit <= NINE;

/** Walks over a text. */
class Cursor {
  at = 0;
  constructor(readonly text: string) {}

  /** Steps over `part`, if it stands here. Unit by unit, since `startsWith` calls out of compiled code each time. */
  takes(part: string): boolean {
    const { text, at } = this;
    for (let unit = 0; unit < part.length; unit++) {
      if (text.charCodeAt(at + unit) !== part.charCodeAt(unit)) return false;
    }
    this.at = at + part.length;
    return true;
  }

  takesUnit(unit: number): boolean {
    if (this.text.charCodeAt(this.at) !== unit) return false;
    this.at++;
    return true;
  }

  /**
   * A number in JSON's form, without sign and exponent, as `JSON.parse` reads it; NaN where there is none. Up to 15
   * digits with the dot left out are an exact integer, as is the power of ten by which they are then divided, and so the
   * quotient is the nearest number there is, which is what a parser answers.
   */
  number(): number {
    const { text, at: start } = this;
    let at = start;
    let digits = 0;
    let unit = text.charCodeAt(at);
    for (; isDigit(unit); unit = text.charCodeAt(++at)) digits = digits * 10 + unit - ZERO;
    const whole = at - start;
    if (whole === 0 || (whole > 1 && text.charCodeAt(start) === ZERO)) return Number.NaN;
    let fraction = 0;
    if (unit === DOT) {
      unit = text.charCodeAt(++at);
      for (; isDigit(unit); unit = text.charCodeAt(++at)) {
        digits = digits * 10 + unit - ZERO;
        fraction++;
      }
      if (fraction === 0) return Number.NaN;
    }
    this.at = at;
    if (whole + fraction > EXACT_DIGITS) return Number(text.slice(start, at));
    return fraction === 0 ? digits : digits / (POWERS[fraction] ?? Number.NaN);
  }
}

export function createPointText({ headOf, max = MAX_HEADS }: PointTextOptions): PointText {
  const heads = new Map<string, PointHead>();

  /** Reads `{"name":…,"labels":…` for the first time. */
  const learn = (text: string): PointHead | undefined => {
    let point: unknown;
    try {
      point = JSON.parse(`${text}}`);
    } catch {
      // It ends within its labels, one of which is named `timestamp`.
      return undefined;
    }
    if (typeof point !== 'object' || point === null) return undefined;
    if (!Object.keys(point).every((field) => field === 'name' || field === 'labels')) return undefined;
    const head = headOf(point);
    if (!head) return undefined;
    if (heads.size >= max) heads.clear();
    // A copy: a slice would keep the whole of its body in memory.
    heads.set(Buffer.from(text).toString(), head);
    return head;
  };

  const readPoint = (cursor: Cursor): MetricPoint | undefined => {
    const { text, at } = cursor;
    const end = text.indexOf(TIMESTAMP, at);
    if (end < 0 || end - at > MAX_HEAD) return undefined;
    const headText = text.slice(at, end);
    const head = heads.get(headText) ?? learn(headText);
    if (!head) return undefined;
    cursor.at = end + TIMESTAMP.length;
    const timestamp = cursor.number();
    if (!(timestamp <= Number.MAX_SAFE_INTEGER)) return undefined;
    if (cursor.takes(VALUE)) {
      const value = cursor.number();
      return value <= limits.observation && cursor.takesUnit(CLOSING_BRACE)
        ? head.withValue(timestamp, value)
        : undefined;
    }
    if (!cursor.takes(VALUES)) return undefined;
    const values: number[] = [];
    do {
      const value = cursor.number();
      if (!(value <= limits.observation) || values.length >= limits.valuesPerPoint) return undefined;
      values.push(value);
    } while (cursor.takesUnit(COMMA));
    return cursor.takesUnit(CLOSING_BRACKET) && cursor.takesUnit(CLOSING_BRACE)
      ? head.withValues(timestamp, values)
      : undefined;
  };

  return (text, depth) => {
    const start = text.indexOf(METRICS);
    if (start < 0 || depth < POINT_DEPTH) return undefined;
    const cursor = new Cursor(text);
    cursor.at = start + METRICS.length;
    const points: MetricPoint[] = [];
    do {
      const point = readPoint(cursor);
      if (!point) return undefined;
      points.push(point);
    } while (cursor.takesUnit(COMMA));
    if (!cursor.takesUnit(CLOSING_BRACKET)) return undefined;
    const rest = `${text.slice(0, start)}${CUT_TEXT}${text.slice(cursor.at)}`;
    if (isDeeper(rest, depth)) return undefined;
    try {
      const batch: unknown = JSON.parse(rest);
      if (typeof batch !== 'object' || batch === null || !('metrics' in batch)) return undefined;
      if (batch.metrics !== CUT) return undefined;
      batch.metrics = points;
      return batch;
    } catch {
      // Whoever parses the whole will say where it goes wrong.
      return undefined;
    }
  };
}
