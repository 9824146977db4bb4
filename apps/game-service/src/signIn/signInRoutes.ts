import { createHmac } from 'node:crypto';
import { setRequestContext } from '@artel/telemetry-service/logging';
import type { SecurityMonitor } from '@artel/telemetry-service/security';
import type { FastifyInstance } from 'fastify';
import { Refusal } from '../problem';
import { checkLaunch, launchRefusals } from './checkLaunch';
import { createSessionTokens } from './sessionTokens';

export interface SignInOptions {
  /** Without it nobody can sign in, and everybody plays. */
  readonly botToken: string | undefined;
  readonly security: Pick<SecurityMonitor, 'recordFailedAttempt' | 'recordSuccess'>;
  /** Unix time in ms. */
  readonly now: () => number;
}

const BAD_TOKEN = 'bad_token';

/** Why a sign-in or a request with its token is refused, as `auth_failures_total{reason}` counts them. */
export const signInFailures = [...launchRefusals, BAD_TOKEN] as const;

const body = {
  type: 'object',
  required: ['initData'],
  additionalProperties: false,
  properties: { initData: { type: 'string', minLength: 1, maxLength: 8_192 } },
} as const;

const BEARER = /^Bearer +(\S+)$/i;

/**
 * `POST /api/game/sign-in` gives a token for what Telegram gave at the launch, and each request with such a token is its user's:
 * under a pseudonym, in every line. What is wrong is told to the security monitor.
 */
export function signInRoutes(app: FastifyInstance, { botToken, security, now }: SignInOptions) {
  if (botToken === undefined) {
    app.post('/api/game/sign-in', async () => {
      throw new Refusal(404, 'Nobody can sign in here: TELEGRAM_BOT_TOKEN is not set', 'path');
    });
    return;
  }
  const tokens = createSessionTokens(botToken, now);
  const pseudonymOf = (userId: string) =>
    createHmac('sha256', botToken).update(`artel player ${userId}`).digest('hex').slice(0, 16);

  app.addHook('onRequest', async (request) => {
    const [, token] = BEARER.exec(request.headers.authorization ?? '') ?? [];
    // The scraper's own token is its route's to check.
    if (token === undefined || !request.routeOptions.url?.startsWith('/api/game/')) return;
    const subject = tokens.verify(token);
    if (subject === undefined) {
      await security.recordFailedAttempt({ address: request.ip, reason: BAD_TOKEN });
      throw new Refusal(
        401,
        'authorization must be a token of sign-in that has not run out',
        'authorization',
      );
    }
    setRequestContext({ userId: subject });
  });

  app.post<{ Body: { initData: string } }>('/api/game/sign-in', { schema: { body } }, async (request) => {
    const launch = checkLaunch(request.body.initData, botToken, now());
    if (launch.kind === 'refused') {
      await security.recordFailedAttempt({ address: request.ip, reason: launch.reason });
      // Which of its parts is wrong is for the operator to know.
      throw new Refusal(401, 'initData must be what Telegram gave at this launch of the app', 'initData');
    }
    const subject = pseudonymOf(launch.userId);
    await security.recordSuccess({ address: request.ip, account: subject });
    setRequestContext({ userId: subject });
    return { ...tokens.issue(subject), subject };
  });
}
