import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** A place on every request of an app for what one plugin knows of it. */
export interface RequestSlot<Value> {
  /** Makes the place, before there are requests. */
  open(app: FastifyInstance): void;
  get(request: FastifyRequest | IncomingMessage): Value | undefined;
  set(request: FastifyRequest | IncomingMessage, value: Value): void;
}

/**
 * Makes a slot that only who has it can reach. A weak map would do as well, but V8 looks through each of them at every
 * collection of young objects, and requests are nothing else.
 */
export function createRequestSlot<Value>(name: string): RequestSlot<Value> {
  const slot: unique symbol = Symbol(name);
  // What TypeScript cannot know: nobody else has the symbol, so that nothing but a `Value` stands there.
  type Slotted = (FastifyRequest | IncomingMessage) & { [slot]?: Value | null };
  return {
    open(app) {
      if (!app.hasRequestDecorator(slot)) app.decorateRequest(slot, null);
    },
    get: (request) => (request as Slotted)[slot] ?? undefined,
    set(request, value) {
      (request as Slotted)[slot] = value;
    },
  };
}
