import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileOf, tempDir } from '../fixtures/gateway';
import { ConfigError, readConfig } from './config';
import { configSummary } from './configSummary';

function problemsOf(env: Record<string, string>, yaml?: string): readonly string[] {
  try {
    readConfig(yaml === undefined ? env : { ...env, GATEWAY_CONFIG: fileOf(yaml) });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

const twoTenants = `
tenants:
  - { app: billiards, environment: production, key: pk_billiards_prod, origins: ['https://play.example'] }
  - { app: billiards, environment: staging, key: pk_billiards_staging, strict: true, limits: { unknownMetrics: 5 } }
`;

describe('the configuration', () => {
  it('needs no variable, and binds to this machine only', () => {
    expect(readConfig({})).toMatchObject({
      host: '127.0.0.1',
      port: 4320,
      environment: 'development',
      tenants: [{ id: 'default', origins: [] }],
    });
  });

  it('names every bad variable at once, with its value and what was expected', () => {
    const problems = problemsOf({
      GATEWAY_PORT: '70000',
      GATEWAY_ENV: 'staging',
      GATEWAY_ORIGINS: 'https://a.b, *',
    });
    expect(problems).toHaveLength(3);
    expect(problems.join('\n')).toMatch(/GATEWAY_PORT: expected a whole number from 0 to 65535, got "70000"/);
    expect(problems.join('\n')).toMatch(
      /GATEWAY_ENV: expected one of development, production, got "staging"/,
    );
    expect(problems.join('\n')).toMatch(/GATEWAY_ORIGINS: expected origins like .*, got "\*"/);
  });

  it('does not show a secret that is too short', () => {
    expect(problemsOf({ GATEWAY_SECRET: 'hunter2' }).join()).toBe(
      'GATEWAY_SECRET: expected at least 32 characters, got 7',
    );
  });

  it('names every bad field of the file at once by its path, unknown ones with a guess', () => {
    const problems = problemsOf(
      {},
      `
port: eighty
orgins: []
store: { maxBytes: 12 parsecs }
admin: { tokn: x, host: 10.0.0.1 }
tenants:
  - app: billiards
    environment: production
    key: pk 1
    origins: ['https://play.example', 'https://play.example/path']
    colour: red
  - nonsense
`,
    );
    expect(problems).toEqual([
      'port: expected a whole number from 0 to 65535, got "eighty"',
      'admin.tokn: unknown field, did you mean token?',
      'store.maxBytes: expected from 1048576 to 1125899906842624 bytes, as a number or such as 512 MiB, got "12 parsecs"',
      'tenants[0].key: expected 8 to 128 letters, digits, dots, dashes and underscores, got "pk 1"',
      'tenants[0].origins[1]: expected origins like https://app.example, without path or wildcard, got "https://play.example/path"',
      expect.stringMatching(
        /^tenants\[0\]\.colour: unknown field, expected one of app, .*key, .*readToken, readTokenFile/,
      ),
      'tenants[1]: expected an app with its environment and key, got "nonsense"',
      'orgins: unknown field, did you mean origins?',
      'admin.port: is missing, the private listener needs one beside admin.host',
    ]);
  });

  it('lets variables override the file, and names the variable where that one is wrong', () => {
    const yaml = 'port: 1234\nlog: { level: info }\nqueue: { limit: 7 }\n';
    expect(readConfig({ GATEWAY_CONFIG: fileOf(yaml), GATEWAY_PORT: '99', LOG_LEVEL: '' })).toMatchObject({
      port: 99,
      logLevel: 'info',
      queueLimit: 7,
    });
    expect(problemsOf({ GATEWAY_QUEUE_LIMIT: 'many' }, yaml)).toEqual([
      'GATEWAY_QUEUE_LIMIT: expected a whole number from 1 to 10000000, got "many"',
    ]);
  });

  it('gives tenants their own settings before those of the top, and those before the defaults', () => {
    const { tenants } = readConfig({
      GATEWAY_CONFIG: fileOf(
        `${twoTenants}limits: { unknownMetrics: 9, requestsPerSecond: { producer: 3, address: 77 } }\n`,
      ),
    });
    expect(tenants).toMatchObject([
      {
        id: 'billiards/production',
        app: 'billiards',
        environment: 'production',
        key: 'pk_billiards_prod',
        origins: ['https://play.example'],
        strict: false,
        limits: { unknownMetrics: 9, requestsPerSecond: { producer: 3 } },
      },
      { id: 'billiards/staging', strict: true, limits: { unknownMetrics: 5 } },
    ]);
    // The default tenant is not among them: a batch without a key is nobody's.
    expect(tenants).toHaveLength(2);
  });

  it('refuses two tenants that could not be told apart, and settings that would be nobody\u2019s', () => {
    const problems = problemsOf(
      { GATEWAY_ORIGINS: 'https://a.example' },
      `
admin: { token: token-of-16-chars }
tenants:
  - { app: a, environment: b, key: same-key-1, readToken: token-of-16-chars }
  - { app: a, environment: b, key: same-key-1 }
`,
    );
    expect(problems).toEqual([
      'GATEWAY_ORIGINS: belongs to each tenant once tenants are configured, expected tenants[…].origins',
      'tenants[1].key: is that of tenants[0].key again, expected one of its own',
      'tenants[1]: is app and environment of tenants[0] again, expected one of its own',
      'admin.token: is that of tenants[0].readToken again, expected one of its own',
    ]);
  });

  it('reads secrets from files beside it, and says which cannot be read without showing the others', () => {
    const dir = tempDir();
    writeFileSync(join(dir, 'secret'), `${'s'.repeat(40)}\n`);
    writeFileSync(join(dir, 'short'), 'hunter2\n');
    const path = join(dir, 'gateway.yaml');
    writeFileSync(path, 'secretFile: secret\n');
    expect(readConfig({ GATEWAY_CONFIG: path }).secret).toBe('s'.repeat(40));
    expect(readConfig({ GATEWAY_CONFIG: path, GATEWAY_SECRET: 't'.repeat(32) }).secret).toBe('t'.repeat(32));
    writeFileSync(path, 'secretFile: short\nadmin: { tokenFile: missing }\n');
    expect(() => readConfig({ GATEWAY_CONFIG: path })).toThrow(
      new ConfigError([
        'admin.tokenFile: missing cannot be read (ENOENT)',
        'secret: expected at least 32 characters, got 7',
      ]),
    );
    const both = { GATEWAY_SECRET: 't'.repeat(32), GATEWAY_SECRET_FILE: join(dir, 'secret') };
    expect(problemsOf(both)).toEqual(['GATEWAY_SECRET_FILE: secret is given too, expected one of the two']);
  });

  it('tells where a file is no YAML, quoting nothing of it', () => {
    const [problem, ...others] = problemsOf({}, 'secret: "hunter2\nport: 1\n');
    expect(others).toEqual([]);
    expect(problem).toMatch(/gateway\.yaml: is no YAML at line \d+, column \d+: /);
    expect(problem).not.toContain('hunter2');
    expect(problemsOf({}, '- a\n- b\n')).toEqual([expect.stringMatching(/expected a mapping of fields$/)]);
    expect(problemsOf({ GATEWAY_CONFIG: '/nowhere.yaml' })).toEqual([
      '/nowhere.yaml: cannot be read (ENOENT)',
    ]);
  });

  it('takes bytes with a unit, and whom to trust as a proxy in each of its forms', () => {
    const config = (yaml: string) => readConfig({ GATEWAY_CONFIG: fileOf(yaml) });
    expect(config('store: { maxBytes: 1.5 GiB }').storeMaxBytes).toBe(1.5 * 2 ** 30);
    expect(config('store: { maxBytes: 2097152 }').storeMaxBytes).toBe(2_097_152);
    expect(readConfig({ GATEWAY_TRUST_PROXY: '10.0.0.0/8, ::1' }).trustProxy).toEqual(['10.0.0.0/8', '::1']);
    expect(readConfig({ GATEWAY_TRUST_PROXY: '2' }).trustProxy).toBe(2);
    expect(readConfig({ GATEWAY_TRUST_PROXY: 'true' }).trustProxy).toBe(true);
    expect(problemsOf({ GATEWAY_TRUST_PROXY: '10.0.0.0/33' })[0]).toMatch(
      /^GATEWAY_TRUST_PROXY: expected true/,
    );
  });

  it('is summed up without its secrets', () => {
    const summary = configSummary(
      readConfig({
        GATEWAY_CONFIG: fileOf(
          `${twoTenants}admin: { token: super-secret-token }\nsecret: ${'s'.repeat(32)}\n`,
        ),
      }),
    );
    expect(summary).not.toMatch(/super-secret|ssss/);
    expect(summary).toContain('token: (set, 18 characters)');
    expect(summary).toContain('secret: (set, 32 characters)');
    expect(summary).toContain('id: billiards/staging');
  });

  it('takes one Redis or several, from the variable and from the file, with the password from a file', () => {
    const redis = { prefix: 'artel:', timeoutMs: 1_000 };
    expect(readConfig({}).redis).toBeUndefined();
    expect(readConfig({ REDIS_URL: 'redis://one:6379/2' }).redis).toEqual({
      ...redis,
      urls: ['redis://one:6379/2'],
    });
    const two = ['redis://one', 'rediss://user:own@two'];
    const password = join(tempDir(), 'password');
    writeFileSync(password, 'p@ss/w%rd\n');
    expect(readConfig({ REDIS_URL: two.join(', '), REDIS_PASSWORD_FILE: password }).redis?.urls).toEqual([
      'redis://:p%40ss%2Fw%25rd@one',
      'rediss://user:own@two',
    ]);
    for (const url of [two.join(','), `[${two.join(', ')}]`]) {
      const path = fileOf(
        `redis: { url: ${url.includes('[') ? url : `'${url}'`}, prefix: 'x:', timeoutMs: 200 }`,
      );
      expect(readConfig({ GATEWAY_CONFIG: path }).redis).toEqual({ urls: two, prefix: 'x:', timeoutMs: 200 });
    }
  });

  it('names a Redis that it cannot take, and shows no password, however odd', () => {
    const expected =
      'expected redis://user:password@host:6379/0, rediss:// for TLS, with what is special as %40';
    expect(problemsOf({ REDIS_URL: 'http://:hunter2@one:6379' })).toEqual([
      `REDIS_URL: ${expected}, got "http://…@one:6379"`,
    ]);
    expect(problemsOf({ REDIS_URL: 'redis://one,localhost:6379' })).toEqual([
      `REDIS_URL: ${expected}, got "localhost:6379"`,
    ]);
    for (const odd of [
      'redis://:hun/ter2@one',
      'redis://:hun%ter2@one',
      'redis://:hun,ter2@one',
      'x:hunter2@one',
    ]) {
      const shown = [...problemsOf({ REDIS_URL: odd }), ...problemsOf({}, `redis: { url: '${odd}' }`)].join();
      expect(shown).toContain(`REDIS_URL: ${expected}`);
      expect(shown).toContain(`redis.url: ${expected}`);
      expect(shown).not.toMatch(/hun|ter2/);
    }
    expect(problemsOf({}, 'redis: { url: [redis://one, 5], timeoutMs: 1 }')).toEqual([
      `redis.url[1]: ${expected}, got 5`,
      'redis.timeoutMs: expected a whole number from 50 to 60000, got 1',
    ]);
    expect(problemsOf({ REDIS_URL: 'redis://one,redis://one', REDIS_PREFIX: 'a b' })).toEqual([
      'REDIS_URL: expected each Redis once, got "redis://one"',
      'REDIS_PREFIX: expected at most 64 letters, digits, dots, colons, dashes and underscores, got "a b"',
    ]);
    expect(problemsOf({ REDIS_PASSWORD: 'hunter2' })).toEqual([`redis.url: ${expected}, got nothing`]);
  });

  it('is summed up without the passwords of Redis', () => {
    const REDIS_URL = 'redis://:hun@ter2@one:6379/1,rediss://user:hunter2@two';
    const summary = configSummary(readConfig({ REDIS_URL }));
    expect(summary).not.toMatch(/hun|ter2/);
    expect(summary).toContain('redis://…@one:6379/1');
    expect(summary).toContain('rediss://…@two');
  });
});
