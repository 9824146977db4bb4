const CLEAN = Symbol('clean');

/** Fields that their maker scrubs by itself, value by value, and hands over for good: the logger adds to them. */
export type CleanFields = Record<string, unknown>;

/** Begins fields that the logger does not look through again. They are known by a symbol, which no logger writes. */
export function beginCleanFields(): CleanFields {
  const fields: Record<string | symbol, unknown> = { [CLEAN]: true };
  return fields;
}

export function isClean(fields: object): fields is CleanFields {
  return CLEAN in fields;
}
