import { Refusal } from '../problem';

/** A client has used the key of one command for another. */
export function keyTaken(): Refusal {
  return new Refusal(422, 'idempotency-key was used for another command', 'idempotency-key');
}
