import { createHmac, randomBytes } from 'node:crypto';
import type { Clock } from '../clock';
import { HttpProblem, unavailable } from '../problem';
import { createInitDataCheck, type InitDataCheck, type Launch, type TelegramKeys } from './checkInitData';
import { createKeyring } from './keyring';
import type { ReplayBook } from './replayBook';
import { createSessionTokens, type Secrets, type SessionTokens, TOKEN_SECONDS } from './sessionTokens';
import { createSubject } from './subject';
import type { TelegramSettings } from './telegramSettings';

/** What signing in needs to know of a tenant. */
export interface SignInTenant {
  readonly id: string;
  readonly telegram?: TelegramSettings | undefined;
}

/** The 200 answer of `POST /api/session`. */
interface SessionAnswer {
  /** For the `token` of each batch. */
  readonly token: string;
  /** Unix time in ms, an hour ahead at most. */
  readonly expiresAt: number;
  /** Pseudonym of the user, the same in each session; what an app may give to Sentry as the user's id. */
  readonly subject: string;
}

/** For our own metrics, which only the operator sees: the client learns of one refusal only. */
export type SignInOutcome =
  | 'issued'
  | 'unknown_tenant'
  | 'replayed'
  | 'failed'
  | Exclude<Launch['kind'], 'genuine'>;

export interface SessionsOptions {
  readonly secrets: Secrets;
  readonly clock: Pick<Clock, 'now'>;
  readonly replays: ReplayBook;
  /** Called once for each exchange. `tenant` is left out where there is none. */
  readonly onExchange?: (outcome: SignInOutcome, tenant?: string) => void;
  /** Called when the replay book cannot tell. */
  readonly onFailure?: (error: unknown) => void;
  /** In place of Telegram's own, for tests. */
  readonly telegramKeys?: TelegramKeys;
}

export interface Sessions extends Pick<SessionTokens, 'verify'> {
  /**
   * Gives a token for a genuine launch. `tenant` is `undefined` where a key names none. Throws a 401 problem, the same
   * for whatever is wrong with the launch, and takes as long for one as for another; a 404 problem where the tenant
   * has no sign-in; a 503 problem where the replay book cannot be asked.
   */
  exchange(tenant: SignInTenant | undefined, initData: string): Promise<SessionAnswer>;
}

function refusal(): HttpProblem {
  return new HttpProblem(
    401,
    'initData: expected what Telegram gave at this launch of the app: signed for its bot, fresh, and not used too often',
    { type: 'not-signed-in', headers: { 'WWW-Authenticate': 'tma' } },
  );
}

/** Launches of a tenant that is not there are checked against a token that nobody has. */
const nobody: TelegramSettings = {
  botToken: `0:${randomBytes(24).toString('hex')}`,
  testEnvironment: false,
  maxAgeSeconds: 86_400,
  maxExchanges: 1,
};

/**
 * Signs players in: Telegram's launch data for a session token. Of the launch nothing is kept but a keyed hash in the
 * replay book, and of the user nothing but the pseudonym, a hash under a key of the tenant: one player has another
 * pseudonym with each tenant, and a new one when the first secret changes.
 */
export function createSessions(options: SessionsOptions): Sessions {
  const { secrets, clock, replays, onExchange, onFailure, telegramKeys } = options;
  const tokens = createSessionTokens({ secrets, clock });
  const keyring = createKeyring(secrets[0]);
  const checks = new WeakMap<TelegramSettings, InitDataCheck>();

  const checkOf = (settings: TelegramSettings): InitDataCheck => {
    const check = checks.get(settings) ?? createInitDataCheck(settings, telegramKeys);
    checks.set(settings, check);
    return check;
  };
  checkOf(nobody);
  const subjectOf = createSubject(secrets[0]);

  /** Whatever is not genuine is counted under one name: it costs the same, and takes no room. */
  const usesOf = async (
    { kind, signed, expiresAt }: Launch,
    tenant: string,
    limit: number,
  ): Promise<number> => {
    const print = createHmac('sha256', keyring('launch', tenant)).update(signed).digest('base64url');
    try {
      return await replays.use(kind === 'genuine' ? print : 'not genuine', limit, expiresAt - clock.now());
    } catch (error) {
      onExchange?.('failed', tenant);
      onFailure?.(error);
      throw unavailable('Sign-in is out of order for now.');
    }
  };

  return {
    verify: tokens.verify,
    async exchange(tenant, initData) {
      if (tenant !== undefined && tenant.telegram === undefined) {
        throw new HttpProblem(
          404,
          'Sign-in with Telegram is not set up for this app: its tenant has neither telegram.botToken nor telegram.botId.',
        );
      }
      const settings = tenant?.telegram ?? nobody;
      const id = tenant?.id ?? '';
      const launch = checkOf(settings)(initData, clock.now());
      const subject = subjectOf(id, launch.userId);
      // A token lasts an hour: a page that stays open comes once more for each.
      const hours = Math.floor(Math.max(0, clock.now() - launch.launchedAt) / (TOKEN_SECONDS * 1_000));
      const limit = settings.maxExchanges + hours;
      const uses = await usesOf(launch, id, limit);
      if (tenant === undefined || launch.kind !== 'genuine' || uses > limit) {
        const { kind } = launch;
        onExchange?.(
          tenant === undefined ? 'unknown_tenant' : kind === 'genuine' ? 'replayed' : kind,
          tenant?.id,
        );
        throw refusal();
      }
      const session = tokens.issue(tenant.id, subject);
      onExchange?.('issued', tenant.id);
      return { ...session, subject };
    },
  };
}
