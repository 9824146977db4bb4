const CLEAN = Symbol('clean');

/** Fields that their maker has scrubbed already, value by value, and hands over for good: the logger adds to them. */
export type CleanFields = Record<string, unknown>;

/** Marks fields as clean, so that the logger does not look through them again. By a symbol, which no logger writes. */
export function markClean(fields: CleanFields): CleanFields {
  Reflect.set(fields, CLEAN, true);
  return fields;
}

export function isClean(fields: object): fields is CleanFields {
  return CLEAN in fields;
}
