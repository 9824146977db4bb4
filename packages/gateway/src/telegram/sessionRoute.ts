import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { decode } from '../decode';
import { HttpProblem } from '../problem';
import { readBody } from '../readBody';
import { writeKeyOf } from '../writeKey';
import type { Sessions, SignInTenant } from './sessions';

export interface SessionRouteOptions {
  readonly sessions: Pick<Sessions, 'exchange'>;
  /** The tenant of a public write key, or of none; `undefined` when there is no such tenant. */
  readonly tenantOf: (key: string | undefined) => SignInTenant | undefined;
  /** Told of the tenant once it is known; throws the problem of a page that is of another one's origin. */
  readonly onTenant?: (id: string, request: FastifyRequest, reply: FastifyReply) => void;
  /** Called before anything is read; throws the problem of what may not come now, such as a 429. */
  readonly admit?: (request: FastifyRequest) => void | Promise<void>;
}

const BODY_LIMIT = 16_384;

interface Asked {
  readonly initData: string;
  readonly key: string | undefined;
}

function refuse(field: string, message: string): HttpProblem {
  return new HttpProblem(400, `${field}: ${message}`, { errors: [{ field, message }] });
}

function kindOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'an array' : `a value of type ${typeof value}`;
}

function readText(body: object, field: 'initData' | 'key'): string | undefined {
  const value = Object.getOwnPropertyDescriptor(body, field)?.value;
  if (value === undefined || (field === 'key' && value === null)) return undefined;
  // Not the value: it may be private, under whatever type.
  if (typeof value !== 'string') throw refuse(field, `expected a string, got ${kindOf(value)}`);
  return value;
}

/** Telegram's documented way: `Authorization: tma <initData>`. */
function fromHeader({ authorization = '' }: IncomingMessage['headers']): string | undefined {
  return /^tma ([^\s]*)$/i.exec(authorization)?.[1];
}

async function readAsked(request: IncomingMessage): Promise<Asked> {
  const body = await readBody(request, BODY_LIMIT);
  const inHeader = fromHeader(request.headers);
  const { value } = body.length === 0 ? { value: {} } : await decode(body, BODY_LIMIT);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refuse('body', `expected an object with initData, got ${kindOf(value)}`);
  }
  const initData = readText(value, 'initData') ?? inHeader;
  if (initData === undefined) {
    throw refuse('initData', "expected Telegram's, here or as Authorization: tma <initData>");
  }
  return { initData, key: writeKeyOf(request.headers, readText(value, 'key')) };
}

/**
 * Adds `POST /api/session`: JSON `{initData, key?}` of any content type, or `Authorization: tma …` and `X-Artel-Key`, for
 * `{token, expiresAt, subject}`. A page on another origin sends its own as `text/plain` and in the body, which needs no
 * preflight. Answers 400 for what is no such request, 413 for one over 16 KiB, and as `Sessions.exchange` says.
 */
export function registerSessionRoute(
  app: FastifyInstance,
  { sessions, tenantOf, onTenant, admit }: SessionRouteOptions,
): void {
  app.post('/api/session', async (request, reply) => {
    await admit?.(request);
    const { initData, key } = await readAsked(request.raw);
    const tenant = tenantOf(key);
    if (tenant !== undefined) onTenant?.(tenant.id, request, reply);
    return sessions.exchange(tenant, initData);
  });
}
