/** A component that is broken. */
export function Bomb(): never {
  throw new Error('Crashed on purpose');
}
