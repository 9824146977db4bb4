import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HttpProblem, unavailable } from './problem';
import { readBody } from './readBody';
import { readEnvelopeDsn } from './readEnvelopeDsn';
import { readSentryDsn, type SentryDsn } from './sentryDsn';

/** What the tunnel needs to know of a tenant. */
export interface TunnelTenant {
  readonly id: string;
  readonly sentryDsns: readonly string[];
}

type TunnelOutcome = 'forwarded' | 'refused' | 'busy' | 'failed';

interface TunnelLimits {
  /** Largest envelope, in bytes as they come. 5 MiB: a replay's segments, gzipped in the page, are most often below 1. */
  readonly bodyBytes: number;
  /** The most bytes of envelopes held at once, of those still arriving too. 64 MiB. */
  readonly heldBytes: number;
  /** The most requests to Sentry at once. 64. */
  readonly inFlight: number;
  /** How long Sentry may take to answer, in ms. 8,000: less than a closing gateway waits. */
  readonly timeoutMs: number;
}

const tunnelLimits: TunnelLimits = {
  bodyBytes: 5 * 1_048_576,
  heldBytes: 64 * 1_048_576,
  inFlight: 64,
  timeoutMs: 8_000,
};

export interface SentryTunnelOptions {
  /** Asked at each envelope, so that a reload of the configuration counts at once; the same array while none has been. */
  readonly tenants: () => readonly TunnelTenant[];
  readonly fetch?: typeof fetch;
  readonly limits?: Partial<TunnelLimits>;
  /** Called before anything is read; throws the problem of what may not come now, such as a 429. */
  readonly admit?: (request: FastifyRequest) => void | Promise<void>;
  /** Called once for each envelope. `tenant` is left out where none has its DSN. */
  readonly onEnvelope?: (outcome: TunnelOutcome, tenant?: string) => void;
}

interface Target extends SentryDsn {
  readonly tenant: string;
}

type Targets = ReadonlyMap<string, Target>;

function targetsOf(tenants: readonly TunnelTenant[]): Targets {
  const targets = new Map<string, Target>();
  for (const { id, sentryDsns } of tenants) {
    for (const text of sentryDsns) {
      const dsn = readSentryDsn(text);
      if (dsn === undefined) throw new Error(`sentryDsns: tenant ${id} has one that is no DSN`);
      // One project of two tenants is told as the first one's.
      if (!targets.has(dsn.text)) targets.set(dsn.text, { ...dsn, tenant: id });
    }
  }
  return targets;
}

/** By its magic bytes too: a page that gzips cannot say so without a preflight. */
function isGzip(body: Buffer, encoding: string | undefined): boolean {
  const named = (encoding ?? '').trim().toLowerCase();
  if (!['', 'identity', 'gzip'].includes(named)) {
    throw new HttpProblem(415, 'Content-Encoding: expected gzip or none.', {
      headers: { 'Accept-Encoding': 'gzip' },
    });
  }
  return named === 'gzip' || (body[0] === 0x1f && body[1] === 0x8b);
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

const RATE_LIMITS = 'X-Sentry-Rate-Limits';
const PASSED_ON = ['Retry-After', RATE_LIMITS] as const;

/** Of Sentry's answer only what its SDK obeys: no cookie, no body, nothing that tells of the server. */
function passedOn(headers: Headers): Record<string, string> {
  return Object.fromEntries(
    PASSED_ON.flatMap((name) => {
      const value = headers.get(name);
      return value !== null && /^[\x20-\x7e]{1,1024}$/.test(value) ? [[name, value]] : [];
    }),
  );
}

/** Lets a page of another origin read Sentry's limits as well: without them its SDK would send on. */
function exposeRateLimits(reply: FastifyReply): void {
  const exposed = reply.getHeader('Access-Control-Expose-Headers');
  if (typeof exposed === 'string')
    reply.header('Access-Control-Expose-Headers', `${exposed}, ${RATE_LIMITS}`);
}

/**
 * Adds `POST /api/sentry`, for the SDK's option `tunnel`: hands an envelope on as it came, to the server of its DSN, if
 * that is, character by character, a configured one. The address asked is made of the configuration alone, so nothing
 * in an envelope can bend it, and redirects are not followed. Sentry learns neither the page's address nor a header of
 * its request; the page learns Sentry's status and rate limits.
 *
 * Answers 403 for another DSN, 413 and 415 for what is too large or neither plain nor gzip, 502 where Sentry failed,
 * 503 where it cannot be reached or too much is under way, 404 where no DSN is configured, and else as Sentry does.
 */
export function registerSentryTunnel(app: FastifyInstance, options: SentryTunnelOptions): void {
  const { tenants, fetch = globalThis.fetch, admit, onEnvelope } = options;
  const limits = { ...tunnelLimits, ...options.limits };
  let held = 0;
  let inFlight = 0;

  let known: readonly TunnelTenant[] = tenants();
  let targets = targetsOf(known);
  const currentTargets = (): Targets => {
    const now = tenants();
    if (now !== known) {
      targets = targetsOf(now);
      known = now;
    }
    return targets;
  };

  const ask = async ({ envelopeUrl }: Target, body: Buffer, gzip: boolean): Promise<Answer> => {
    inFlight++;
    try {
      const response = await fetch(envelopeUrl, {
        method: 'POST',
        body,
        headers: {
          'content-type': 'application/x-sentry-envelope',
          'user-agent': 'artel-gateway',
          ...(gzip ? { 'content-encoding': 'gzip' } : {}),
        },
        redirect: 'manual',
        signal: AbortSignal.timeout(limits.timeoutMs),
      });
      // Unread, it would keep the connection from its next use.
      await response.body?.cancel();
      return { status: response.status, headers: passedOn(response.headers) };
    } catch {
      throw unavailable('Sentry cannot be reached.', 30);
    } finally {
      inFlight--;
    }
  };

  app.post('/api/sentry', async (request, reply) => {
    if (currentTargets().size === 0) {
      throw new HttpProblem(404, 'The tunnel to Sentry is not set up: no sentryDsns are configured.');
    }
    await admit?.(request);
    exposeRateLimits(reply);
    let outcome: TunnelOutcome = 'refused';
    let tenant: string | undefined;
    let own = 0;
    const hold = (bytes: number): void => {
      own += bytes;
      held += bytes;
      if (held <= limits.heldBytes) return;
      outcome = 'busy';
      throw unavailable('Too much is on its way to Sentry.', 5);
    };
    try {
      const body = await readBody(request.raw, limits.bodyBytes, hold);
      const gzip = isGzip(body, request.headers['content-encoding']);
      const target = currentTargets().get(await readEnvelopeDsn(body, gzip));
      if (target === undefined) {
        throw new HttpProblem(
          403,
          'dsn: expected one of the sentryDsns in the configuration of the gateway.',
        );
      }
      tenant = target.tenant;
      outcome = 'busy';
      if (inFlight >= limits.inFlight) throw unavailable('Too much is on its way to Sentry.', 5);
      outcome = 'failed';
      const { status, headers } = await ask(target, body, gzip);
      if (status >= 400 && status < 500) outcome = 'refused';
      if (status < 200 || status > 299) {
        const shown = status >= 400 && status < 500 ? status : 502;
        throw new HttpProblem(shown, `Sentry answered ${status}.`, { headers });
      }
      outcome = 'forwarded';
      return await reply.code(status).headers(headers).send();
    } finally {
      held -= own;
      // What is left of a body that was not read to its end would stand before the connection's next request.
      if (!request.raw.complete) request.raw.resume();
      onEnvelope?.(outcome, tenant);
    }
  });
}
