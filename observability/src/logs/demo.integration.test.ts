import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { logSlowQueries } from '@artel/telemetry-service/instruments';
import { createLogger } from '@artel/telemetry-service/logging';
import { createAppMetrics } from '@artel/telemetry-service/metrics';
import { waitUntil } from '@artel/test-support/programs/waitUntil';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { askQuestion } from './askQuestion';
import type { LogEntry } from './logEntry';
import { questions } from './questions';
import { readLine } from './readLine';
import { openLineStore } from './store/lineStore';
import { processAlloyLine } from './testing/alloyPipeline';
import { parseAlloy } from './testing/alloySyntax';
import { runLogql } from './testing/logqlEngine';
import { gatewayConfig, type Played, playDemo, sendBatch } from './testing/playDemo';
import { gameService, gateway, logsCommand, type Program, startProgram } from './testing/programs';
import { toLogql } from './toLogql';

const TOKEN = '123456:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
const DAY = 86_400_000_000_000n;

const folder = mkdtempSync(join(tmpdir(), 'artel-logs-demo-'));
const logOf = (name: string) => join(folder, `${name}.log`);
const data = join(folder, 'store');
const running: Program[] = [];
let game: Program;
let front: Program;
let logs: Program;
let played: Played;

async function start(options: Parameters<typeof startProgram>[0]): Promise<Program> {
  const program = await startProgram(options);
  running.push(program);
  return program;
}

function serve(port: string): Promise<Program> {
  // Of its own log file, so that what it says is of this start.
  const log = join(folder, `logs-${running.length}.log`);
  const args = [...logsCommand, 'serve', '--port', port, '--data', data, '--collect', logOf('game')];
  return start({ args, log, ready: /listening on (\S+)/ });
}

beforeAll(async () => {
  mkdirSync(join(folder, 'gateway'));
  [logs, game] = await Promise.all([
    serve('0'),
    start({
      args: [gameService],
      env: {
        GAME_PORT: '0',
        GAME_STORAGE: 'memory',
        DEPLOYMENT_ENVIRONMENT: 'production',
        LOG_LEVEL: 'debug',
        TELEGRAM_BOT_TOKEN: TOKEN,
      },
      log: logOf('game'),
      ready: /game-service listening on (\S+)/,
    }),
  ]);
  writeFileSync(join(folder, 'gateway.yaml'), gatewayConfig(logs.url));
  front = await start({
    args: [gateway],
    env: {
      GATEWAY_CONFIG: join(folder, 'gateway.yaml'),
      GATEWAY_PORT: '0',
      DATA_DIR: join(folder, 'gateway'),
    },
    log: logOf('gateway'),
    ready: /gateway listening on (\S+)/,
  });
  played = await playDemo(game);
  // Of a database, which the game service in memory has not: by the toolkit that would tell of one.
  const output = { write: (line: string) => appendFileSync(logOf('game'), line) };
  const logger = createLogger({ service: 'game-service', environment: 'production', destination: output });
  const metrics = createAppMetrics({ service: 'game-service', processMetrics: false });
  logSlowQueries(metrics, { logger });
  metrics.dbQueryDuration.observe({ query_type: 'UPDATE', table: 'games' }, 0.2501);
  await sendBatch(front.url, 1, ['x is undefined']);
  await fetch(`${front.url}/nowhere`);
});

afterAll(async () => {
  await Promise.all(running.map((program) => program.stop()));
  rmSync(folder, { recursive: true, force: true });
});

const linesOf = (name: string): string[] => readFileSync(logOf(name), 'utf8').split('\n').filter(Boolean);

interface Given {
  readonly name: string;
  readonly text: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, string>>;
}

async function ask(question: string, asked = ''): Promise<Given[]> {
  const answer = await fetch(`${logs.url}/api/logs/${question}?since=1h&limit=1000${asked}`);
  const body = (await answer.json()) as { answers: Given[] };
  expect(answer.status, JSON.stringify(body)).toBe(200);
  return body.answers;
}

it('answers the eight questions about what has really happened', async () => {
  await waitUntil('the lines are there', async () =>
    (await ask('slow-requests')).some(({ metadata }) => metadata['path'] === '/api/game/slow'),
  );
  await waitUntil('the page is heard', async () => (await ask('errors', '&service=billiards')).length > 0);
  const texts = async (question: string, asked = '') =>
    (await ask(question, asked)).map(({ text }) => text.replace(/\d+(?:\.\d+)? ms/, 'N ms'));

  const slow = await ask('slow-requests');
  // On a busy machine others may be slow too, and are no mistake then.
  expect(slow.filter(({ metadata }) => Number(metadata['duration_ms']) < 1_000)).toEqual([]);
  expect((await texts('slow-requests')).filter((text) => text.includes('/api/game/slow'))).toEqual([
    'SLOW: GET /api/game/slow took N ms (200)',
  ]);
  expect(await texts('sessions-created', '&gameType=kolkhoz')).toEqual([
    `User  created kolkhoz session ${played.sessionId}`,
  ]);
  expect(await texts('sessions-created', '&gameType=moscow')).toEqual([]);
  expect(await texts('business-events')).toEqual([
    expect.stringMatching(/^session_created: \{.*"game_type":"kolkhoz"/),
    expect.stringMatching(/^ball_potted: \{.*"ball":3/),
  ]);
  expect(await texts('auth-failures')).toEqual([
    expect.stringMatching(/^Auth failed for {2}from [0-9a-f]{16}: \w+/),
    expect.stringMatching(/^Auth failed for {2}from [0-9a-f]{16}: \w+/),
  ]);
  expect(await texts('security', '&eventType=sql_injection_attempt')).toEqual([
    expect.stringMatching(/^SECURITY: \[high\] sql_injection_attempt - \{"method":"GET"/),
  ]);
  expect(await texts('websocket-issues')).toEqual([`WS: closed (1006) for session ${played.sessionId}`]);
  expect(await texts('slow-queries')).toEqual(['SLOW DB: UPDATE on games took N ms']);
  expect(await texts('slow-queries', '&thresholdMs=251')).toEqual([]);
  expect(await texts('errors', '&service=game-service')).toEqual([
    '[error] game-service: Request failed The cue broke on purpose',
  ]);
  expect(await texts('errors', '&service=billiards')).toEqual([
    '[error] billiards: x is undefined\nx is undefined\n    at pot (game.ts:3:1)',
  ]);
});

it('is, of every line, what Alloy makes of it', () => {
  const config = parseAlloy(readFileSync(new URL('../../alloy/config.alloy', import.meta.url), 'utf8'));
  const env = { ENVIRONMENT: 'production' };
  const labels = { job: 'files', environment: 'production' };
  const lines = [
    ...linesOf('game'),
    ...linesOf('gateway'),
    'GET /api/game/sessions?id=7 duration=12.5ms',
    '{"level":"info","message":"POST /x duration=7ms","timestamp":1795603386756}',
    '{"level":"debug","environment":"staging","timestamp":"2026-11-25T10:43:06.7561234+03:00","category":"not ours!"}',
    '{"cut off',
    '[1, 2]',
    '   ',
  ];
  const now = 1_795_603_386_756_000_000n;
  let dropped = 0;
  for (const line of lines) {
    const read = readLine(line, { labels, now });
    const processed = processAlloyLine(config, 'lines', { line, labels, nanos: now }, env);
    if (read.kind === 'dropped') dropped++;
    expect(processed, line).toEqual(
      read.kind === 'dropped' ? { dropped: read.reason } : { entry: read.entry },
    );
  }
  expect(dropped).toBeGreaterThan(0);
  expect(lines.length).toBeGreaterThan(30);
});

it('has its numbers and ids beside the lines, and nothing of the kind in a label', async () => {
  const slow = (await ask('slow-requests')).find(({ metadata }) => metadata['path'] === '/api/game/slow');
  expect(slow?.labels).toEqual({
    job: 'files',
    level: 'info',
    service: 'game-service',
    service_name: 'game-service',
    category: 'http_response',
    environment: 'production',
  });
  expect(slow?.metadata).toMatchObject({
    request_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    method: 'GET',
    path: '/api/game/slow',
    status_code: '200',
    duration_ms: expect.toSatisfy((ms) => Number(ms) >= 1_100),
  });
  expect(await ask('errors', `&requestId=${slow?.metadata['request_id']}`)).toEqual([]);
});

it('loses nothing that was acknowledged and counts nothing twice when it is killed', async () => {
  const port = new URL(logs.url).port;
  const expected = ['x is undefined'];
  for (let round = 1; round <= 3; round++) {
    const messages = Array.from({ length: 20 }, (_, index) => `round ${round}, error ${index}`);
    expected.push(...messages);
    await Promise.all([
      sendBatch(front.url, 1 + round, messages),
      ...Array.from({ length: 20 }, () => fetch(`${game.url}/api/game/broken`)),
      // In the middle of both ways, at another moment each time.
      new Promise<void>((resolve) => setTimeout(resolve, 40 * round)).then(() => logs.stop('SIGKILL')),
    ]);
    logs = await serve(port);
  }
  const heard = async () => (await ask('errors', '&service=billiards')).map(({ text }) => text);
  await waitUntil('all that the gateway has', async () => (await heard()).length >= expected.length);
  const firstLines = (await heard()).map((text) => text.split('\n')[0]?.replace('[error] billiards: ', ''));
  expect(firstLines.sort()).toEqual([...expected].sort());

  const broken = linesOf('game').filter((line) => line.includes('"level":"error"'));
  await waitUntil('all that the file has', async () => {
    return (await ask('errors', '&service=game-service')).length >= broken.length;
  });
  const ids = (await ask('errors', '&service=game-service')).map(({ metadata }) => metadata['request_id']);
  expect(ids).toHaveLength(61);
  expect(new Set(ids).size).toBe(61);
});

it('gives the lines that the LogQL of each question would', async () => {
  await logs.stop();
  const store = openLineStore({ folder: data, readOnly: true, keepMs: 1, maxBytes: 1 });
  const range = { from: 0n, to: BigInt(Date.now()) * 1_000_000n + DAY, limit: 10_000 };
  const everything = store.ask({ labels: [], contains: [], fields: [], whole: [], template: '' }, range);
  const entries = everything.map(({ entry }): LogEntry => entry);
  expect(entries.length).toBeGreaterThan(150);
  for (const name of Object.keys(questions)) {
    const query = askQuestion(name);
    const byLoki = entries.flatMap((entry) => runLogql(toLogql(query), entry) ?? []);
    const byStore = store.ask(query, range).map(({ text }) => text);
    expect(byStore, name).toEqual(byLoki.map((line) => line.trimEnd()));
    expect(byStore.length, name).toBeGreaterThan(0);
  }
  await store.close();
});
