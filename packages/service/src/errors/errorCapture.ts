import { captureException, withScope } from '@sentry/node';
import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { createRequestSlot } from '../requestSlot';

interface Failing {
  error?: unknown;
  hasLeft?: boolean;
}

const failing = createRequestSlot<Failing>('artel.errors');

function statusOf(error: unknown): number {
  const status: unknown =
    typeof error === 'object' && error !== null ? Reflect.get(error, 'statusCode') : undefined;
  return typeof status === 'number' && status >= 400 ? status : 500;
}

function capture(request: FastifyRequest, error: unknown, status: number): void {
  withScope((scope) => {
    const route = request.routeOptions.url ?? 'not_found';
    scope.setTags({ request_id: request.id, route, status_code: status });
    scope.addEventProcessor((event) => {
      event.request = { method: request.method, url: request.url, ...event.request };
      return event;
    });
    scope.setTransactionName(`${request.method} ${route}`);
    captureException(error, { mechanism: { type: 'fastify', handled: false } });
  });
}

function register(app: FastifyInstance): void {
  failing.open(app);
  app.addHook('onError', (request, _reply, error, done) => {
    if (failing.get(request)?.hasLeft && statusOf(error) >= 500) capture(request, error, statusOf(error));
    // Whether it is a failure or a refusal is known with the status of the answer.
    else failing.set(request, { error });
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    const held = failing.get(request);
    if (held?.error !== undefined && reply.statusCode >= 500) capture(request, held.error, reply.statusCode);
    done();
  });
  app.addHook('onRequestAbort', (request, done) => {
    const held = failing.get(request);
    failing.set(request, { ...held, hasLeft: true });
    done();
  });
}

const plugin: FastifyPluginAsync = async (app) => register(app);

/**
 * Fastify plugin: the error behind an answer of 5xx goes to Sentry, once, with the request's id and route; refusals (4xx)
 * do not. Before {@link setupSentry} it does nothing.
 */
export const errorCapture = fp(plugin, { name: 'artel-error-capture', fastify: '>=5' });
