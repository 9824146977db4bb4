import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLokiFake, type LokiLine } from '@artel/test-support/fakes/loki';
import { startSentryFake } from '@artel/test-support/fakes/sentryApi';
import { startTempoFake } from '@artel/test-support/fakes/tempoStore';
import { freePort } from '@artel/test-support/programs/port';
import { withoutPrometheus } from '@artel/test-support/servers/prometheus';
import { startPrometheusWithPast as startPrometheus } from '@artel/test-support/servers/prometheusPast';
import { describe, expect, it } from 'vitest';
import { observabilityFolder, policiesText } from '../../fixtures/policiesText';
import { createProgram, testFolder } from '../../fixtures/runProgram';
import { DAY } from '../duration';
import { lokiConfig } from '../retention/generate/lokiConfig';
import { tempoConfig, tempoOverrides } from '../retention/generate/tempoConfig';
import { parsePolicies } from '../retention/readPolicies';
import { gamePseudonym } from './erasePlayer';

const policies = parsePolicies(policiesText);
const cli = join(observabilityFolder, '../packages/gateway/dist/cli.js');

const PLAYER = '279058397';
const SECRET = 'a-secret-of-a-test-that-is-long-enough';
const BOT_TOKEN = '7000000000:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0';
/** As the gateway makes it of a user whom a client has named. */
const pseudonym = createHmac('sha256', SECRET).update(PLAYER).digest('hex');
const inGame = gamePseudonym(BOT_TOKEN, PLAYER);

/** A stopped gateway's data, in which the player and another have a line each. */
async function gatewayData(): Promise<string> {
  if (!existsSync(cli)) throw new Error('the gateway is not built: npm run build');
  const folder = testFolder();
  const port = await freePort();
  const child = spawn(process.execPath, [cli], {
    env: { ...process.env, DATA_DIR: folder, GATEWAY_PORT: String(port), GATEWAY_SECRET: SECRET },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  await once(child.stdout, 'data');
  for (const user of [PLAYER, 'somebody']) {
    const logs = [
      { level: 'info', message: `of ${user === PLAYER ? 'the player' : user}`, timestamp: Date.now() },
    ];
    const response = await fetch(`http://127.0.0.1:${port}/api/metrics`, {
      method: 'POST',
      body: JSON.stringify({ user, metrics: [], logs }),
    });
    expect(response.status).toBe(202);
  }
  child.kill('SIGTERM');
  await ended;
  return folder;
}

const line = (text: string, labels: Readonly<Record<string, string>>, user?: string): LokiLine => ({
  line: text,
  labels: { service_name: 'x', ...labels },
  ...(user === undefined ? {} : { metadata: { user } }),
  nanos: BigInt(Date.now() - DAY) * 1_000_000n,
});

const lines = [
  line('handed on by the gateway', { app: 'billiards' }, pseudonym),
  line(`{"user_id":"${inGame}","message":"of the service"}`, { service: 'game-service' }),
  line(`{"user_id":"${inGame}","category":"security"}`, { service: 'game-service', category: 'security' }),
  line('of somebody', { app: 'billiards' }, 'a'.repeat(64)),
  line('{"user_id":"0123456789abcdef"}', { service: 'game-service' }),
];

async function stores() {
  const loki = await createLokiFake({ config: lokiConfig(policies, 'filesystem'), lines });
  const tempo = await startTempoFake(tempoConfig(policies, 'filesystem'), tempoOverrides(policies), [
    { at: Date.now() - DAY, user: pseudonym },
    { at: Date.now() - 2 * DAY, user: pseudonym },
    { at: Date.now() - DAY, user: 'b'.repeat(64) },
  ]);
  const sentry = await startSentryFake('a-token', {
    issues: [
      { id: '1', shortId: 'APP-1', users: [pseudonym] },
      { id: '2', shortId: 'APP-2', users: [pseudonym, 'another'] },
      { id: '3', shortId: 'APP-3', users: ['another'] },
    ],
    replays: [
      { id: 'r1', project: '11', user: pseudonym },
      { id: 'r2', project: '11', user: 'another' },
    ],
  });
  const environment = {
    LOKI_URL: loki.url,
    TEMPO_URL: tempo.url,
    SENTRY_URL: sentry.url,
    SENTRY_ORG: 'artel',
    SENTRY_AUTH_TOKEN: 'a-token',
    TELEGRAM_BOT_TOKEN: BOT_TOKEN,
    GATEWAY_SECRET: SECRET,
  };
  return { loki, tempo, sentry, environment };
}

it('erases a player from all stores with one command, and tells of each what came of it', async () => {
  const { loki, tempo, sentry, environment } = await stores();
  const program = createProgram({ ...process.env, ...environment, DATA_DIR: await gatewayData() });
  const erase = () => program.erase('--user', PLAYER, '--gateway', `${process.execPath} ${cli}`);

  const { code, said, complaint } = await erase();
  expect(complaint).toBe('');
  // An issue that others have met too is for a person to decide on.
  expect(code).toBe(1);
  expect(said).toMatch(/^gateway +done +erased 1 logs and 0 spans/m);
  expect(said).toMatch(/^loki +later +requests \w+, \w+: .*category security stay$/m);
  expect(said).toMatch(/^tempo +later +2 traces go with their blocks, by 20\d\d-\d\d-\d\d at the latest/m);
  expect(said).toMatch(/^prometheus +skipped/m);
  expect(said).toMatch(
    /^sentry +left +1 issues of the player alone and 1 replays are deleted; others have met APP-2/m,
  );
  expect(said).toMatch(/^game-service +done/m);

  // Not from 1970 on: nothing in this Loki is older than its schema.
  expect(new Set(loki.deletions.map(({ from }) => from))).toEqual(new Set([Date.parse('2024-04-01')]));
  loki.compact();
  expect(loki.lines.map(({ line: text }) => text)).toEqual(lines.slice(2).map(({ line: text }) => text));
  expect(sentry.issues.map(({ shortId }) => shortId)).toEqual(['APP-2', 'APP-3']);
  expect(sentry.replays.map(({ id }) => id)).toEqual(['r2']);
  for (const fake of [loki, tempo, sentry]) expect(fake.faults).toEqual([]);

  // No store's answer, no report and no line of the audit log holds the player or a name of theirs.
  const log = readFileSync(program.audit, 'utf8');
  for (const name of [PLAYER, pseudonym, inGame]) {
    expect(log).not.toContain(name);
    expect(said).not.toContain(name);
  }
  const key = readFileSync(`${program.audit}.key`, 'utf8').trim();
  const subject = createHmac('sha256', key).update(PLAYER).digest('hex');
  expect(program.records().map((record) => [record['event'], record['subject']])).toEqual([
    ['erase.begun', subject],
    ...Array.from({ length: 6 }, () => ['erase.step', subject]),
    ['erase.ended', subject],
  ]);

  // A second time there is nothing left.
  const again = await erase();
  expect(again.said).toMatch(/^gateway +done +erased 0 logs/m);
  expect(again.said).toMatch(/^sentry +left +0 issues of the player alone and 0 replays/m);
});

it('goes on where a store fails, and says so without a name of the player', async () => {
  const { loki, environment } = await stores();
  const program = createProgram({ ...process.env, ...environment, DATA_DIR: testFolder() });
  const { code, said } = await program.erase('--user', pseudonym, '--gateway', `${process.execPath} ${cli}`);
  expect(code).toBe(1);
  expect(said).toMatch(/^gateway +failed +gateway: artel-gateway: DATA_DIR: there is no store/m);
  expect(said).toMatch(/^loki +later/m);
  expect(loki.deletions).toHaveLength(2);
  const gone = await program.erase('--user', pseudonym, '--gateway', '/no/such/program');
  expect(gone.said).toMatch(/^gateway +failed +gateway: \/no\/such\/program: .*ENOENT/m);
  const refused = await createProgram({ ...environment, SENTRY_AUTH_TOKEN: 'wrong' }).erase(
    ...['--user', pseudonym, '--gateway', 'none'],
  );
  expect(refused.said).toMatch(/^sentry +failed .*issues\/: 401 Invalid token$/m);
  expect(refused.said).not.toContain(pseudonym);
});

describe.skipIf(withoutPrometheus)('with a real Prometheus', () => {
  it('proves that no label has a player, and finds one that has', async () => {
    const past = (labels: Readonly<Record<string, string>>) => ({
      name: 'shots_total',
      labels,
      from: Date.now() - DAY,
      to: Date.now() - DAY + 60_000,
      every: 15_000,
    });
    const [clean, dirty] = await Promise.all([
      startPrometheus([past({ page: `/game/1${PLAYER}` })]),
      startPrometheus([past({ page: `/players/${PLAYER}/` })]),
    ]);
    const program = createProgram({ PROMETHEUS_URL: clean.url });
    const proof = await program.erase('--user', PLAYER, '--gateway', 'none');
    expect(proof.said).toMatch(/^prometheus +done +none of 4 values of 3 labels names the player$/m);
    expect(proof.code).toBe(0);

    const found = await createProgram({ PROMETHEUS_URL: dirty.url }).erase(
      ...['--user', PLAYER, '--gateway', 'none'],
    );
    expect(found.code).toBe(1);
    expect(found.said).toMatch(/^prometheus +left +the player is in 1 values of page:/m);
    expect(found.said).not.toContain(PLAYER);
  });
});

it.each([
  ['no user', [], "--user: expected Telegram's id, a pseudonym, or -"],
  ['a bare id', [PLAYER], 'erase: expected only options, got 1 more argument'],
  ['a name that is none', ['--user', '7', '--also', PLAYER], '--also: expected a pseudonym'],
  ['a date that is none', ['--user', PLAYER, '--since', 'spring'], '--since: expected a date such as'],
])('says what is wrong with %s, and does not repeat the id', async (_, args, message) => {
  const { code, said, complaint } = await createProgram().erase(...args);
  expect([code, said]).toEqual([2, '']);
  expect(complaint).toContain(message);
  expect(complaint).not.toContain(PLAYER);
});
