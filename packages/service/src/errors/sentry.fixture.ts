import { createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach } from 'vitest';
import { currentRequestContext } from '../logging/requestContext';
import { type Errors, type SentrySettings, setupSentry } from './setupSentry';

type Json = Readonly<Record<string, unknown>>;

function parse(text: string): Json {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) throw new Error(`no object: ${text}`);
  return { ...value };
}

/** A Sentry on loopback that reads envelopes as Relay does: a line of headers, then an item's header and its payload. */
export async function createSentryFake() {
  const bodies: string[] = [];
  const events: Json[] = [];
  const transactions: Json[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks);
      const body = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw).toString();
      bodies.push(body);
      const [, ...items] = body.split('\n');
      for (let index = 0; index + 1 < items.length; index += 2) {
        const { type } = parse(items[index] ?? '');
        if (type === 'event') events.push(parse(items[index + 1] ?? ''));
        if (type === 'transaction') transactions.push(parse(items[index + 1] ?? ''));
      }
      response.setHeader('content-type', 'application/json');
      response.end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    dsn: `http://0123456789abcdef0123456789abcdef@127.0.0.1:${port}/42`,
    bodies,
    events,
    transactions,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** For each test of a file a Sentry of its own, and what sets up the toolkit's errors against it, closed with the test. */
export function sentryForEachTest() {
  let fake: Awaited<ReturnType<typeof createSentryFake>>;
  let errors: Errors | undefined;
  beforeEach(async () => {
    fake = await createSentryFake();
  });
  afterEach(async () => {
    await errors?.close();
    errors = undefined;
    await fake.close();
  });
  return {
    /** What the Sentry of this test has been sent. */
    sentry: {
      get bodies() {
        return fake.bodies;
      },
      get events() {
        return fake.events;
      },
      get transactions() {
        return fake.transactions;
      },
    },
    setUp(settings: Partial<SentrySettings> = {}): Errors {
      errors = setupSentry({
        dsn: fake.dsn,
        service: 'game-service',
        version: '1.2.3',
        environment: 'test',
        context: currentRequestContext,
        ...settings,
      });
      return errors;
    },
  };
}
