import { launchFields, NOW, ownKeys, player, signLaunch } from '@artel/test-support/fakes/telegramLaunch';
import fc from 'fast-check';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { anyFields, settingsOf, type Way } from '../../fixtures/telegram';
import { HttpProblem } from '../problem';
import { createReplayBook, type ReplayBook } from './replayBook';
import { createSessions, type SessionsOptions, type SignInOutcome, type SignInTenant } from './sessions';

/** Every call into the cryptography, in order, with the size of what it was given. The calls themselves are real. */
const work = vi.hoisted(() => ({ calls: [] as string[] }));
vi.mock('node:crypto', async (importOriginal) => {
  const real = await importOriginal<typeof import('node:crypto')>();
  return {
    ...real,
    createHmac: (...args: Parameters<typeof real.createHmac>) => {
      work.calls.push('hmac');
      return real.createHmac(...args);
    },
    hkdfSync: (...args: Parameters<typeof real.hkdfSync>) => {
      work.calls.push('hkdf');
      return real.hkdfSync(...args);
    },
    timingSafeEqual: (...args: Parameters<typeof real.timingSafeEqual>) => {
      work.calls.push('timingSafeEqual');
      return real.timingSafeEqual(...args);
    },
    verify: (algorithm: null, data: Buffer, key: Parameters<typeof real.verify>[2], signature: Buffer) => {
      // OpenSSL gives up at once on a signature of another length, or whose second half is not below the order.
      work.calls.push(
        `verify ${signature.length === 64 && (signature[63] ?? 0) <= 0x10 ? 'in full' : 'in brief'}`,
      );
      return real.verify(algorithm, data, key, signature);
    },
  };
});

const ways: readonly Way[] = ['hmac', 'ed25519'];
const SECRET = 'a secret for the tests '.repeat(2);

interface Made {
  readonly clock: { at: number; now(): number; elapsed(): number };
  readonly outcomes: (readonly [SignInOutcome, string | undefined])[];
  readonly book: { readonly hashes: string[] } & ReplayBook;
}

function make(more: Partial<SessionsOptions> = {}) {
  const clock: Made['clock'] = { at: NOW, now: () => clock.at, elapsed: () => clock.at };
  const outcomes: (readonly [SignInOutcome, string | undefined])[] = [];
  const replays = createReplayBook({ clock });
  const book: Made['book'] = {
    hashes: [],
    use(hash, limit, ttl) {
      book.hashes.push(hash);
      return replays.use(hash, limit, ttl);
    },
  };
  const sessions = createSessions({
    secrets: [SECRET],
    clock,
    replays: book,
    telegramKeys: ownKeys,
    onExchange: (outcome, tenant) => outcomes.push([outcome, tenant]),
    ...more,
  });
  return { clock, outcomes, book, replays, sessions };
}

const tenantOf = (way: Way, id = 'billiards/production'): SignInTenant => ({ id, telegram: settingsOf(way) });

async function refusalOf(exchange: Promise<unknown>): Promise<HttpProblem> {
  const error = await exchange.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof HttpProblem) return error;
  throw new Error('expected the exchange to be refused');
}

describe.each(ways)('signing in by %s', (way) => {
  const tenant = tenantOf(way);

  it('gives each genuine launch a token that verifies, under one pseudonym for one player', async () => {
    const { sessions } = make();
    await fc.assert(
      fc.asyncProperty(anyFields, async (fields) => {
        const { token, subject, expiresAt } = await sessions.exchange(tenant, signLaunch(fields));
        expect(sessions.verify(token, tenant.id)).toEqual({ subject });
        expect(expiresAt).toBe(NOW + 3_600_000);
        const later = launchFields({ user: fields['user'] ?? '', auth_date: String(NOW / 1_000) });
        expect((await sessions.exchange(tenant, signLaunch(later))).subject).toBe(subject);
      }),
    );
  });

  it('takes a launch ten times, and once more for each hour that it lasts', async () => {
    const { sessions, clock, outcomes, book } = make();
    const initData = signLaunch();
    for (let use = 0; use < 10; use++) await sessions.exchange(tenant, initData);
    for (let hour = 1; hour < 24; hour++) {
      // As a page does whose token has expired, and a reload of it.
      clock.at = NOW + hour * 3_600_000;
      await sessions.exchange(tenant, initData);
      expect((await refusalOf(sessions.exchange(tenant, initData))).status).toBe(401);
      expect(outcomes.at(-1)).toEqual(['replayed', tenant.id]);
    }
    expect(new Set(book.hashes).size).toBe(1);
    clock.at = NOW + 24 * 3_600_000;
    await refusalOf(sessions.exchange(tenant, initData));
    expect(outcomes.at(-1)).toEqual(['stale', tenant.id]);
  });

  it('counts one launch once, however it is spelt, and two launches apart', async () => {
    const { sessions } = make();
    const one = { ...tenant, telegram: settingsOf(way, { maxExchanges: 1 }) };
    const initData = signLaunch();
    await sessions.exchange(one, initData);
    const respelt = [String(new URLSearchParams(initData)), initData.split('&').reverse().join('&')];
    // What the signature by Telegram's key does not cover.
    if (way === 'ed25519')
      respelt.push(initData.replace(/hash=./, 'hash=x'), initData.replace(/&hash=.*/, ''));
    for (const again of respelt) await refusalOf(sessions.exchange(one, again));
    await sessions.exchange(one, signLaunch(launchFields({ auth_date: String(NOW / 1_000 - 9) })));
  });

  const bad: readonly (readonly [SignInOutcome, string])[] = [
    ['forged', signLaunch().replace('private', 'channel')],
    ['forged', signLaunch(launchFields(), { botToken: '7000000002:other', botId: '7000000002' })],
    ['forged', signLaunch().replace(/&(hash|signature)=[^&]*/g, '')],
    ['forged', signLaunch().replace(/(hash|signature)=[^&]*/g, '$1=_________________________________')],
    // Of the right length, and a number that no signature holds.
    ['forged', signLaunch().replace(/signature=[^&]*/, `signature=${'_'.repeat(85)}w`)],
    ['forged', signLaunch().replace(/signature=(.{85})./, 'signature=$1!')],
    ['malformed', signLaunch().replace('%7B', '%7b')],
    ['malformed', `${signLaunch()}&auth_date=1`],
    ['malformed', signLaunch(launchFields({ auth_date: '-1' }))],
    ['malformed', ''],
    ['malformed', 'x'],
    ['malformed', 'x'.repeat(9_000)],
    ['stale', signLaunch(launchFields({ auth_date: String(NOW / 1_000 - 86_401) }))],
    ['future', signLaunch(launchFields({ auth_date: String(NOW / 1_000 + 61) }))],
    ['userless', signLaunch(launchFields({ user: '{}' }))],
  ];

  it('refuses all that is not genuine with one answer, and tells only the operator why', async () => {
    const { sessions, outcomes } = make();
    const replayed = { ...tenant, telegram: settingsOf(way, { maxExchanges: 1 }) };
    await sessions.exchange(replayed, signLaunch());
    const refusals = [
      await refusalOf(sessions.exchange(replayed, signLaunch())),
      await refusalOf(sessions.exchange(undefined, signLaunch())),
    ];
    for (const [, initData] of bad) refusals.push(await refusalOf(sessions.exchange(tenant, initData)));
    for (const { status, headers, details } of refusals) {
      expect({ status, headers, details }).toEqual({
        status: 401,
        headers: { 'WWW-Authenticate': 'tma' },
        details: refusals[0]?.details,
      });
    }
    expect(outcomes).toEqual([
      ['issued', tenant.id],
      ['replayed', tenant.id],
      ['unknown_tenant', undefined],
      ...bad.map(([outcome]) => [outcome, tenant.id]),
    ]);
  });

  it('does the same work for each of them, so that no clock can tell them apart', async () => {
    const { sessions, book } = make();
    const replayed = { ...tenant, telegram: settingsOf(way, { maxExchanges: 1 }) };
    await sessions.exchange(replayed, signLaunch());
    // Keys are derived at their first use.
    for (const one of [tenant, undefined]) await sessions.exchange(one, '').catch(() => undefined);

    const traceOf = async (by: SignInTenant | undefined, initData: string): Promise<string[]> => {
      work.calls = [];
      book.hashes.length = 0;
      await refusalOf(sessions.exchange(by, initData));
      return [...work.calls, `book x${book.hashes.length}`];
    };
    const trace = await traceOf(replayed, signLaunch());
    expect(trace).toContain(way === 'hmac' ? 'timingSafeEqual' : 'verify in full');
    expect(trace.at(-1)).toBe('book x1');
    for (const [outcome, initData] of bad) {
      expect(await traceOf(tenant, initData), `${outcome}: ${initData.slice(0, 60)}`).toEqual(trace);
    }
    if (way === 'hmac') expect(await traceOf(undefined, signLaunch())).toEqual(trace);
  });

  it('keeps no trace of what is refused, however much comes', async () => {
    const { sessions, replays } = make();
    for (let at = 0; at < 500; at++) await refusalOf(sessions.exchange(tenant, `auth_date=${at}&hash=${at}`));
    expect(replays.size()).toBe(1);
  });
});

describe('signing in', () => {
  beforeEach(() => {
    work.calls = [];
  });

  it('keeps tenants apart: their tokens, and the pseudonyms of one player', async () => {
    const { sessions } = make();
    const one = await sessions.exchange(tenantOf('hmac', 'billiards/production'), signLaunch());
    const other = await sessions.exchange(tenantOf('hmac', 'billiards/staging'), signLaunch());
    expect(one.subject).not.toBe(other.subject);
    expect(sessions.verify(one.token, 'billiards/staging')).toBeUndefined();
    expect(sessions.verify(other.token, 'billiards/production')).toBeUndefined();
  });

  it('keeps tenants of one bot apart: what one has used up, the other still has', async () => {
    const { sessions } = make();
    const once = (id: string): SignInTenant => ({ id, telegram: settingsOf('hmac', { maxExchanges: 1 }) });
    const initData = signLaunch();
    await sessions.exchange(once('billiards/production'), initData);
    await refusalOf(sessions.exchange(once('billiards/production'), initData));
    await sessions.exchange(once('billiards/staging'), initData);
  });

  it('gives other pseudonyms under another secret, and takes the tokens of the one before', async () => {
    const tenant = tenantOf('hmac');
    const before = await make().sessions.exchange(tenant, signLaunch());
    const { sessions } = make({ secrets: ['another secret '.repeat(3), SECRET] });
    const after = await sessions.exchange(tenant, signLaunch());
    expect(after.subject).not.toBe(before.subject);
    expect(sessions.verify(before.token, tenant.id)).toEqual({ subject: before.subject });
  });

  it('lets nothing of the launch or the player out, into the answer or the book', async () => {
    const { sessions, book } = make();
    const initData = signLaunch();
    const answer = await sessions.exchange(tenantOf('hmac'), initData);
    const claims = Buffer.from(answer.token.split('.')[1] ?? '', 'base64url').toString();
    const out = JSON.stringify([answer, claims, book.hashes]);
    for (const value of Object.values(player).filter((one) => one !== 'ru'))
      expect(out).not.toContain(String(value));
    for (const value of new URLSearchParams(initData).values()) {
      if (value.length > 7) expect(out).not.toContain(value);
    }
    // Nor a hash that needs no key: Telegram's ids are few enough to try them all.
    const { createHash } = await vi.importActual<typeof import('node:crypto')>('node:crypto');
    for (const text of [String(player.id), `telegram:${player.id}`, initData]) {
      const hash = createHash('sha256').update(text).digest();
      expect(out).not.toContain(hash.toString('hex').slice(0, 32));
      expect(out).not.toContain(hash.toString('base64url'));
    }
  });

  it('says so where it is not set up, and where its book is out of order', async () => {
    const failures: unknown[] = [];
    const replays: ReplayBook = { use: () => Promise.reject(new Error('no connection')) };
    const { sessions, outcomes } = make({ replays, onFailure: (error) => failures.push(error) });
    const missing = await refusalOf(sessions.exchange({ id: 'default' }, signLaunch()));
    expect(missing).toMatchObject({ status: 404, message: expect.stringContaining('telegram.botToken') });
    const broken = await refusalOf(sessions.exchange(tenantOf('hmac'), signLaunch()));
    expect(broken).toMatchObject({ status: 503, headers: { 'Retry-After': '2' } });
    expect(failures).toEqual([expect.objectContaining({ message: 'no connection' })]);
    expect(outcomes).toEqual([['failed', 'billiards/production']]);
  });
});
