import { NOW } from '@artel/test-support/fakes/telegramLaunch';
import fc from 'fast-check';
import { decodeProtectedHeader, jwtVerify, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { createKeyring } from './keyring';
import { createSessionTokens, type Secrets } from './sessionTokens';

const OLD = 'old secret '.repeat(4);
const NEW = 'new secret '.repeat(4);
const TENANT = 'billiards/production';

function make(secrets: Secrets = [NEW]) {
  const clock = { at: NOW, now: () => clock.at };
  return { clock, tokens: createSessionTokens({ secrets, clock }) };
}

describe('a session token', () => {
  it('tells for one hour whose it is, and to its tenant only', () => {
    const { clock, tokens } = make();
    const { token, expiresAt } = tokens.issue(TENANT, 'abc');
    expect(expiresAt).toBe(NOW + 3_600_000);
    expect(tokens.verify(token, TENANT)).toEqual({ subject: 'abc' });
    for (const other of ['billiards/staging', 'default', '', '__proto__']) {
      expect(tokens.verify(token, other)).toBeUndefined();
    }
    clock.at = expiresAt - 1;
    expect(tokens.verify(token, TENANT)).toEqual({ subject: 'abc' });
    clock.at = expiresAt;
    expect(tokens.verify(token, TENANT)).toBeUndefined();
  });

  it('never lasts longer than an hour, nor less by more than a second', () => {
    const { clock, tokens } = make();
    fc.assert(
      fc.property(fc.integer({ min: NOW, max: 2 * NOW }), (at) => {
        clock.at = at;
        const life = tokens.issue(TENANT, 'abc').expiresAt - at;
        expect(life).toBeLessThanOrEqual(3_600_000);
        expect(life).toBeGreaterThan(3_599_000);
      }),
    );
  });

  it('is a JWT that another implementation reads', async () => {
    const { token, expiresAt } = make().tokens.issue(TENANT, 'abc');
    const key = createKeyring(NEW)('session token', TENANT);
    const options = { audience: TENANT, algorithms: ['HS256'], currentDate: new Date(NOW) };
    const { payload } = await jwtVerify(token, key, options);
    expect(payload).toEqual({ aud: TENANT, sub: 'abc', iat: NOW / 1_000, exp: expiresAt / 1_000 });
  });

  it('is good no more when one character of it is another, gone or new', () => {
    const { tokens } = make();
    const { token } = tokens.issue(TENANT, 'abc');
    const char = fc.constantFrom(...'ABCdef019-_.=+/ \u0000ё');
    fc.assert(
      fc.property(fc.nat(token.length), char, fc.constantFrom(0, 1), fc.boolean(), (at, other, cut, put) => {
        const tampered = token.slice(0, at) + (put ? other : '') + token.slice(at + cut);
        fc.pre(tampered !== token);
        expect(tokens.verify(tampered, TENANT)).toBeUndefined();
      }),
      { numRuns: 2_000 },
    );
  });

  it('is none that anything else is', () => {
    const { tokens } = make();
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(tokens.verify(text, TENANT)).toBeUndefined();
      }),
    );
    expect(tokens.verify('x'.repeat(10_000_000), TENANT)).toBeUndefined();
  });

  it('cannot choose how it is checked', async () => {
    const { tokens } = make();
    const claims = { aud: TENANT, sub: 'abc', exp: NOW / 1_000 + 60 };
    const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const kid = String(decodeProtectedHeader(tokens.issue(TENANT, 'abc').token).kid);
    for (const alg of ['none', 'None', 'HS512', 'RS256']) {
      expect(tokens.verify(`${part({ alg, typ: 'JWT', kid })}.${part(claims)}.`, TENANT)).toBeUndefined();
    }
    const sign = (key: Buffer, alg: string): Promise<string> =>
      new SignJWT(claims).setProtectedHeader({ alg, typ: 'JWT', kid }).sign(key);
    const key = createKeyring(NEW)('session token', TENANT);
    const good = await sign(key, 'HS256');
    expect(tokens.verify(good, TENANT)).toEqual({ subject: 'abc' });
    expect(tokens.verify(`${good}.`, TENANT)).toBeUndefined();
    const claimed = await new SignJWT({ ...claims, aud: 'billiards/staging' })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid })
      .sign(key);
    expect(tokens.verify(claimed, TENANT)).toBeUndefined();
    expect(tokens.verify(await sign(key, 'HS384'), TENANT)).toBeUndefined();
    for (const wrong of [Buffer.from(NEW), createKeyring(NEW)('subject', TENANT), Buffer.from(kid)]) {
      expect(tokens.verify(await sign(wrong, 'HS256'), TENANT)).toBeUndefined();
    }
  });

  it('outlives the rotation of its secret, and not the removal', () => {
    const { token } = make([OLD]).tokens.issue(TENANT, 'abc');
    expect(make([NEW, OLD]).tokens.verify(token, TENANT)).toEqual({ subject: 'abc' });
    expect(make([NEW]).tokens.verify(token, TENANT)).toBeUndefined();
    const fresh = make([NEW, OLD]).tokens.issue(TENANT, 'abc').token;
    expect(make([NEW]).tokens.verify(fresh, TENANT)).toEqual({ subject: 'abc' });
    expect(fresh).not.toContain(NEW.slice(0, 10));
  });
});
