import { once } from 'node:events';
import { Agent, request as ask, createServer } from 'node:http';
import { connect } from 'node:net';
import { BOT_TOKEN, signLaunch } from '@artel/test-support/fakes/telegramLaunch';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { requireBuild } from '../fixtures/cli';
import { createDice, type Dice } from '../fixtures/dice';
import { fuzzBody, type Json } from '../fixtures/fuzzBody';
import { fuzzRequest } from '../fixtures/fuzzRequest';
import { sampleOf } from '../fixtures/gateway';
import { collectedMemory, collecting, hostileGateway } from '../fixtures/hostile';
import { rightBatch } from '../fixtures/rightBatch';

beforeAll(requireBuild);

/** The same each time; another seed, or more of it, by the environment. */
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_260_701);
const COUNT = Number(process.env['FUZZ_COUNT'] ?? 10_000);
const AT_ONCE = 16;
/** So many are sent before memory is looked at for the first time: code is compiled, pools and books are filled. */
const WARM_UP = 0.4;

interface Exchange {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });

function send(url: string, body: Buffer): Promise<Exchange> {
  return new Promise((resolve, reject) => {
    const request = ask(
      url,
      { method: 'POST', agent, headers: { 'content-length': body.length } },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk) => {
          text += String(chunk);
        });
        response.once('error', reject);
        response.once('end', () =>
          resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'] ?? '', text }),
        );
      },
    );
    request.once('error', reject);
    request.end(body);
  });
}

/** Sends bytes, ends, and reads what comes until that ends too, or turns out to be a stream that does not. */
function sendRaw(url: string, bytes: Buffer): Promise<Exchange[]> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.setEncoding('latin1').on('data', (chunk) => {
      text += String(chunk);
      if (text.includes('text/event-stream')) socket.destroy();
    });
    socket.on('error', () => {});
    socket.once('close', () =>
      resolve(
        [...text.matchAll(/HTTP\/1\.1 (\d{3}) [^\r]*\r\n([\s\S]*?)\r\n\r\n/g)].map(
          ([, status, head = '']) => ({
            status: Number(status),
            type: /^content-type: (.*)$/im.exec(head)?.[1] ?? '',
            text: '',
          }),
        ),
      ),
    );
    socket.end(bytes);
  });
}

function expectAnswer({ status, type, text }: Exchange, from: string): void {
  expect(status, `${from}: ${text}`).toSatisfy((one: number) => one < 500 || one === 503);
  if (status >= 400) expect(type, `${from}: ${status} ${text}`).toContain('application/problem+json');
}

/** Batches that are right, beside all the others, and what they add up to. */
function createGood(url: string, dice: Dice) {
  const sums = { batches: 0, shots: 0, observations: 0, dropped: 0 };
  const seqs = new Map<string, number>();
  return {
    sums,
    async send(): Promise<void> {
      const producer = `good-${dice.below(20)}`;
      const seq = (seqs.get(producer) ?? 0) + 1;
      seqs.set(producer, seq);
      const [shots, observations, age] = [dice.below(100), 1 + dice.below(20), dice.below(3)];
      const metrics = [
        { name: 'shots', value: shots },
        { name: 'aim_ms', values: new Array<number>(observations).fill(1) },
      ];
      const body = Buffer.from(
        JSON.stringify({ key: 'pk_good_test', producer, seq, metrics, dropped: { age } }),
      );
      // As a client does: what is answered 503 comes again, and sometimes what is not.
      for (let copies = dice.chance(0.2) ? 2 : 1; copies > 0; ) {
        const { status } = await send(`${url}/api/metrics`, body);
        if (status === 503) continue;
        expect(status).toBe(202);
        copies--;
      }
      sums.batches++;
      sums.shots += shots;
      sums.observations += observations;
      sums.dropped += age;
    },
  };
}

async function fakeSentry(): Promise<string> {
  const server = createServer((request, response) => {
    request.resume();
    response.end('{}');
  }).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  const address = server.address();
  return `http://fuzz@127.0.0.1:${typeof address === 'object' ? address?.port : address}/42`;
}

const SAMPLE =
  /^[a-zA-Z_:][\w:]*(?:\{(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*",?)*\})? (?:[-+]?(?:\d+(?:\.\d+)?(?:e[-+]\d+)?)|\+Inf|NaN)$/;

it(`survives ${COUNT} random and mutated requests, answers each by the rules, and counts the right ones exactly`, async () => {
  const dsn = await fakeSentry();
  const tenant = (app: string): string =>
    `  - { app: ${app}, environment: test, key: pk_${app}_test, sentryDsns: ['${dsn}'], telegram: { botToken: "${BOT_TOKEN}" } }`;
  const { url, child } = await hostileGateway(
    ['tenants:', ...['good', 'fuzz', 'raw'].map(tenant)].join('\n'),
    { LOG_LEVEL: 'error', ...collecting() },
  );
  let log = '';
  child.stdout?.on('data', (chunk) => {
    log += String(chunk);
  });
  const dice = createDice(SEED);
  const good = createGood(url, createDice(SEED + 1));
  const initData = signLaunch();
  let accepted = 0;
  let sent = 0;
  let answers = 0;
  const seen = new Map<number, number>();

  const one = async (): Promise<void> => {
    const at = sent++;
    const from = `FUZZ_SEED=${SEED}, request ${at}`;
    const note = (exchange: Exchange): void => {
      answers++;
      seen.set(exchange.status, (seen.get(exchange.status) ?? 0) + 1);
      expectAnswer(exchange, `${from}, log ${log}`);
    };
    const kind = dice.below(20);
    if (kind < 3) {
      const session: Json = { initData, key: dice.pick(['pk_fuzz_test', 'nobody']) };
      note(await send(`${url}/api/session`, fuzzBody(dice, session)));
    } else if (kind < 6) {
      const head = fuzzBody(dice, {
        dsn,
        sent_at: '2026-07-01T00:00:00Z',
        sdk: { name: 'sentry.javascript.react' },
      });
      note(await send(`${url}/api/sentry`, Buffer.concat([head, Buffer.from('\n{"type":"event"}\n{}\n')])));
    } else if (kind < 10) {
      const body = fuzzBody(dice, rightBatch(dice, 'pk_raw_test'));
      for (const exchange of await sendRaw(url, fuzzRequest(dice, body))) note(exchange);
    } else {
      const exchange = await send(`${url}/api/metrics`, fuzzBody(dice, rightBatch(dice, 'pk_fuzz_test')));
      note(exchange);
      if (exchange.status === 202) accepted += Number(JSON.parse(exchange.text).accepted);
    }
    if (at % 10 === 0) await good.send();
  };
  const until = async (count: number): Promise<void> => {
    const worker = async (): Promise<void> => {
      while (sent < count) await one();
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  };

  await until(COUNT * WARM_UP);
  const warm = await collectedMemory(child);
  await until(COUNT);
  agent.destroy();

  expect(child.exitCode).toBeNull();
  expect(answers).toBeGreaterThan(COUNT * 0.95);
  // As different as they are meant to be: a fuzzer whose every body is turned away at the door finds nothing.
  for (const status of [200, 202, 400, 401, 403, 404, 405])
    expect(seen.get(status), String(status)).toBeGreaterThan(COUNT / 500);
  expect(seen.get(202)).toBeGreaterThan(COUNT / 10);
  const done = await collectedMemory(child);
  expect(done.held - warm.held).toBeLessThan(8);
  expect(done.beside - warm.beside).toBeLessThan(32);

  const text = await (await fetch(`${url}/metrics`)).text();
  const labels = 'app="good",environment="test"';
  const { batches, shots, observations, dropped } = good.sums;
  expect(batches).toBe(Math.ceil(COUNT / 10));
  expect(sampleOf(text, `shots_total{${labels}}`)).toBe(shots);
  expect(sampleOf(text, `aim_ms_count{${labels}}`)).toBe(observations);
  expect(sampleOf(text, `aim_ms_sum{${labels}}`)).toBe(observations);
  expect(sampleOf(text, `telemetry_dropped_total{${labels},reason="age"}`)).toBe(dropped);
  const own = (tier: string): number =>
    sampleOf(text, `artel_gateway_tenant_points_total{tenant="fuzz/test",tier="${tier}"}`) ?? 0;
  expect(own('anonymous') + own('session')).toBe(accepted);
  const odd = text.split('\n').filter((line) => line !== '' && !line.startsWith('# ') && !SAMPLE.test(line));
  expect(odd).toEqual([]);

  child.kill('SIGTERM');
  expect(await once(child, 'close')).toEqual([0, null]);
  if (process.env['FUZZ_REPORT'])
    process.stdout.write(
      `${JSON.stringify({ seen: [...seen].sort(), warm, done, good: good.sums, accepted })}\n`,
    );
});
