import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { BOT_TOKEN, launchFields, signLaunch } from '@artel/test-support/fakes/telegramLaunch';
import { expect, it } from 'vitest';
import { startGateway, tempDir } from '../fixtures/gateway';

const fields = launchFields({
  auth_date: String(Math.floor(Date.now() / 1_000)),
  query_id: 'AAHcanary_query',
  start_param: 'canary_start',
  chat: JSON.stringify({ id: -1_001_234_567_890, type: 'group', title: 'Canarytitle' }),
});
const initData = signLaunch(fields);
const botToken = `7342037359:${'AAFcanary_3mVwBn-0pQzLs8RkTyUxEo1dC'}`;

/** No two of them are in one another, and none is in an ordinary line. */
const canaries = [
  'Privatename',
  'Secretson',
  'canary_username',
  'canary-photo',
  'AAHcanary',
  'canary_start',
  'Canarytitle',
  'AAFcanary',
  'hunter2canary',
  'opaquecanary',
  'canary.mail',
  '9161234567',
  '4111111111111111',
  '203.0.113.77',
  'unknowncanary',
  new URLSearchParams(initData).get('hash') ?? 'no hash',
];

const secrets = {
  initData,
  header: `Authorization: tma ${initData}`,
  headers: JSON.stringify({
    Authorization: [`tma ${initData}`],
    AUTHORIZATION: 'Bearer opaquecanary-1234567890',
  }),
  pairs: JSON.stringify([['authorization', 'Basic opaquecanary']]),
  url: `https://app.example/#tgWebAppData=${encodeURIComponent(initData)}`,
  twice: encodeURIComponent(encodeURIComponent(initData)),
  bot: `https://api.telegram.org/bot${botToken}/getMe`,
  password: 'hunter2canary',
  text: 'mail canary.mail@example.com, call +79161234567, pay by 4111111111111111, from 203.0.113.77',
};

function everyByte(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path).toString('utf8'))
    .join('\n');
}

function captured() {
  let text = '';
  const stream = new Writable({
    write(chunk, _, done) {
      text += String(chunk);
      done();
    },
  });
  return { stream, text: () => text };
}

const found = (text: string): string[] => canaries.filter((canary) => text.includes(canary));

it('scrubs what a client has not, drops the fields it does not know, and writes neither into its log', async () => {
  const log = captured();
  const dataDir = tempDir();
  const { url, gateway, post } = await startGateway(
    { DATA_DIR: dataDir, LOG_LEVEL: 'trace', GATEWAY_BOT_TOKEN: BOT_TOKEN },
    { logStream: log.stream },
  );
  const all = JSON.stringify(secrets);
  expect(found(all).length).toBeGreaterThan(12);
  const timestamp = Date.now();
  const span = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), start: timestamp, duration: 1 };
  const answer = await post({
    producer: 'page-1',
    seq: 1,
    app: { name: 'mail canary.mail@example.com', version: '203.0.113.77', unknown: 'unknowncanary' },
    session: 'call +79161234567',
    page: '/game?x=hunter2canary',
    unknown: { deep: 'unknowncanary' },
    metrics: [
      {
        name: 'shots',
        labels: { who: secrets.text.slice(0, 90), header: 'Bearer opaquecanary-1234567890' },
        note: 'unknowncanary',
      },
      { name: 'user_action_total', labels: { action: secrets.bot, page: '/game' } },
    ],
    logs: [
      {
        level: 'error',
        message: all,
        timestamp,
        fields: { ...secrets, [secrets.text.slice(0, 40)]: 1 },
        more: 'unknowncanary',
      },
      { level: 'info', message: `InvalidLaunchParamsError: ${initData}`, timestamp, fields: { all } },
    ],
    spans: [
      { ...span, name: secrets.url.slice(0, 120), attributes: { ...secrets, all }, more: 'unknowncanary' },
    ],
  });
  expect(answer).toMatchObject({ status: 202, body: { accepted: 5, rejected: [] } });

  // What is refused is not repeated in the log either, wherever it stood.
  const headers = { Authorization: `tma ${initData}`, 'X-Token': 'opaquecanary', Cookie: 'sid=opaquecanary' };
  for (const [path, init] of [
    [
      `/api/metrics?initData=${encodeURIComponent(initData)}`,
      { method: 'POST', body: `{"initData":"${initData}`, headers },
    ],
    [`/bot${botToken}/x`, { headers }],
    ['/api/session', { method: 'POST', body: JSON.stringify({ initData: `${initData}0` }), headers }],
    ['/api/session', { method: 'POST', body: JSON.stringify({ initData: [initData] }) }],
    ['/api/session', { method: 'POST', headers }],
    ['/metrics', { headers: { Authorization: 'Bearer opaquecanary' } }],
    ['/api/sentry', { method: 'POST', body: `{"dsn":"https://opaquecanary@sentry.example/1"}\n{}`, headers }],
  ] as const) {
    const response = await fetch(`${url}${path}`, init);
    expect(found(await response.text()), path).toEqual([]);
  }
  const metrics = await (await fetch(`${url}/metrics`)).text();
  expect(metrics).toContain('shots_total{');
  expect(found(metrics)).toEqual([]);
  await gateway.close();

  expect(log.text()).toContain('"path":"/api/session"');
  expect(found(log.text())).toEqual([]);
  const stored = everyByte(dataDir);
  expect(stored).toContain('[Filtered]');
  expect(found(stored)).toEqual([]);
});
