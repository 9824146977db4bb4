import { createHash, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import Fastify, { type FastifyInstance } from 'fastify';
import { askQuestion, findQuestion, ParameterError, parametersOf } from './askQuestion';
import { keepPush } from './push/keepPush';
import { PushError, readJsonPush, readProtobufPush } from './push/readPush';
import { questions } from './questions';
import { readRange } from './readRange';
import { answerRecord, showAnswers } from './showAnswers';
import type { LineStore } from './store/lineStore';
import { storeMetrics } from './storeMetrics';
import { toLogql } from './toLogql';

export interface ServeLogsOptions {
  readonly store: LineStore;
  /** Without one, only requests to this machine under its own name are answered. */
  readonly token?: string | undefined;
  /** Unix time in ms. */
  readonly now: () => number;
}

/** Bytes of a push as it comes, and as it is once inflated. */
const BODY_BYTES = 8 << 20;
const INFLATED_BYTES = 32 << 20;

const inflate = promisify(gunzip);

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function isOwnHost(host: string): boolean {
  const name = host.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
  return name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'));
}

function statusOf(error: unknown): number {
  if (error instanceof PushError || error instanceof ParameterError) return 400;
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return 500;
  return typeof error.statusCode === 'number' ? error.statusCode : 500;
}

async function inflated(body: Buffer, encoding: string | undefined): Promise<Buffer> {
  if (encoding === undefined || encoding === 'identity' || encoding === 'snappy') return body;
  if (encoding !== 'gzip') throw new PushError(`content-encoding: expected gzip or none, got ${encoding}`);
  return inflate(body, { maxOutputLength: INFLATED_BYTES }).catch((error: unknown) => {
    throw new PushError(`body: is no gzip of at most ${INFLATED_BYTES} bytes: ${String(error)}`);
  });
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/**
 * Loki's push API before the embedded store, so that the gateway, Alloy and Vector send to it as to Loki, and the questions:
 * `POST /loki/api/v1/push` · `GET /api/logs`, `/api/logs/<question>` · `/metrics` · `/ready`. A push is answered 204 once it is on
 * the disk. Errors are `application/problem+json` (RFC 9457).
 */
export function serveLogs({ store, token, now }: ServeLogsOptions): FastifyInstance {
  const app = Fastify({ bodyLimit: BODY_BYTES, forceCloseConnections: true });
  const expected = token === undefined ? undefined : digest(`Bearer ${token}`);

  app.setErrorHandler((error, _request, reply) => {
    const status = statusOf(error);
    const detail = error instanceof Error ? error.message : String(error);
    reply
      .status(status)
      .type('application/problem+json')
      .send({ type: 'about:blank', status, detail: status === 500 ? 'the store cannot be used' : detail });
    if (status === 500) process.stderr.write(`artel-logs: ${detail}\n`);
  });
  app.setNotFoundHandler(({ method, url }, reply) => {
    const detail = `nothing answers ${method} ${url.split('?', 1)[0]}`;
    reply.status(404).type('application/problem+json').send({ type: 'about:blank', status: 404, detail });
  });

  app.addHook('onRequest', async (request, reply) => {
    if (request.url === '/ready') return;
    if (expected) {
      if (timingSafeEqual(digest(request.headers.authorization ?? ''), expected)) return;
      reply.header('www-authenticate', 'Bearer');
      throw Object.assign(new Error('authorization: expected the token'), { statusCode: 401 });
    }
    // A page that has its own name point to this machine is not this machine's user.
    if (isOwnHost(request.headers.host ?? '')) return;
    throw Object.assign(new Error('host: expected localhost or an address of loopback'), { statusCode: 403 });
  });

  // No other type: a page of another origin cannot send these without being asked first.
  app.removeAllContentTypeParsers();
  const asBytes = { parseAs: 'buffer' } as const;
  app.addContentTypeParser(
    /^application\/(?:json|x-protobuf)\b/,
    asBytes,
    async (_: unknown, body: Buffer) => body,
  );

  app.post<{ Body: Buffer }>('/loki/api/v1/push', async ({ headers, body }, reply) => {
    const bytes = await inflated(body ?? Buffer.alloc(0), headers['content-encoding']);
    const entries = headers['content-type']?.includes('protobuf')
      ? readProtobufPush(bytes, INFLATED_BYTES)
      : readJsonPush(bytes.toString('utf8'));
    await keepPush(store, entries);
    return reply.status(204).send();
  });

  app.get('/api/logs', async () =>
    Object.entries(questions).map(([name, { title }]) => ({
      name,
      title,
      parameters: Object.entries(parametersOf(findQuestion(name))).map(
        ([parameter, { help, otherwise }]) => ({
          name: parameter,
          help,
          ...(otherwise === undefined ? {} : { otherwise }),
        }),
      ),
    })),
  );

  app.get<{ Params: { question: string }; Querystring: Record<string, string | string[]> }>(
    '/api/logs/:question',
    async ({ params, query: given }, reply) => {
      const { since, from, to, limit, format = 'json', ...asked } = given;
      for (const [name, value] of Object.entries({ since, from, to, limit, format })) {
        if (value !== undefined && !isText(value)) throw new ParameterError(`${name}: expected it once`);
      }
      if (format !== 'json' && format !== 'text') {
        throw new ParameterError(`format: expected json or text, got ${JSON.stringify(format)}`);
      }
      const only = (value: string | string[] | undefined) => (isText(value) ? value : undefined);
      const range = readRange(
        { since: only(since), from: only(from), to: only(to), limit: only(limit) },
        now(),
      );
      const query = askQuestion(params.question, asked);
      const answers = store.ask(query, range);
      if (format === 'text')
        return reply.type('text/plain; charset=utf-8').send(showAnswers(answers, 'text'));
      return { question: params.question, logql: toLogql(query), answers: answers.map(answerRecord) };
    },
  );

  app.get('/metrics', async (_, reply) =>
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(storeMetrics(store.stats())),
  );
  app.get('/ready', async () => 'ready\n');
  return app;
}
