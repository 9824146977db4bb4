/** Calls the method that was there before. */
export type Invoke = (self: unknown, args: readonly unknown[]) => unknown;

/**
 * Puts a method before that of one object: no class and no module is changed, the object stays who it is, and its other
 * methods, which call this one, see it too. Throws a `TypeError` that names a method which is not there.
 */
export function shadowMethod(
  target: object,
  name: string,
  wrap: (invoke: Invoke) => (this: unknown, ...args: unknown[]) => unknown,
): void {
  const original: unknown = Reflect.get(target, name);
  if (typeof original !== 'function') {
    throw new TypeError(`${target.constructor.name}: expected a method ${name}, got ${typeof original}`);
  }
  const invoke: Invoke = (self, args) => Reflect.apply(original, self, args);
  Object.defineProperty(target, name, { value: wrap(invoke), configurable: true, writable: true });
}
