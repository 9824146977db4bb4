import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Batch } from '@artel/telemetry-protocol';
import { createLokiFake } from '@artel/test-support/fakes/loki';
import { createOtlpFake } from '@artel/test-support/fakes/otlp';
import { createRemoteWriteFake } from '@artel/test-support/fakes/remoteWriteFake';
import { ofTest } from '@artel/test-support/servers/ofTest';
import { startPrometheus, withoutPrometheus } from '@artel/test-support/servers/prometheus';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { post, readSample, startGateway, steady, tempDir } from '../../fixtures/gateway';
import { soon } from '../../fixtures/runForwarder';

// Nothing is timed here, and a busy machine takes its time.
const batch = { waitSeconds: 0, records: 7 };
const traceId = 'ab'.repeat(16);

/** The environment of a gateway with this configuration file, over a directory of its own. */
function configured(config: object): Record<string, string> {
  const folder = tempDir();
  const file = join(folder, 'gateway.yaml');
  // JSON is YAML.
  writeFileSync(file, JSON.stringify({ ...config, ...steady }));
  return { GATEWAY_CONFIG: file, DATA_DIR: join(folder, 'data') };
}

/** One batch as the client makes it: an action, its log line, a request with its span. */
function play(producer: string, seq: number, over: Partial<Batch> = {}): Batch {
  const at = Date.now();
  const text = `${producer} ${seq}`;
  const endpoint = '/api/game/sessions/:id/pot';
  return {
    v: 1,
    producer,
    seq,
    sentAt: at,
    app: { name: 'billiards', version: '1.2.0', environment: 'test' },
    session: 's-1',
    page: '/game',
    metrics: [
      { name: 'user_action_total', labels: { action: 'pot', page: '/game' }, timestamp: at },
      {
        name: 'api_request_duration_ms',
        labels: { endpoint, method: 'POST', status_code: '200' },
        values: [42],
        timestamp: at,
      },
    ],
    logs: [{ level: 'info', message: text, timestamp: at, category: 'user_action', fields: { seq } }],
    spans: [
      {
        name: text,
        traceId,
        spanId: Buffer.from(text.padStart(8)).toString('hex').slice(-16),
        start: at,
        duration: 44,
        attributes: { endpoint },
      },
    ],
    ...over,
  };
}

describe('a whole gateway', () => {
  it('hands on each record once: posted twice, its ends killed for a minute, itself started again', async () => {
    const [loki, tempo, mimir] = [
      await createLokiFake({ orgId: 'artel' }),
      await createOtlpFake(),
      await createRemoteWriteFake(),
    ];
    const env = configured({
      outputs: {
        loki: { kind: 'loki', url: loki.url, orgId: 'artel', batch },
        tempo: {
          kind: 'otlp',
          url: tempo.url,
          signals: ['logs', 'traces', 'metrics'],
          intervalSeconds: 1,
          batch,
        },
        mimir: {
          kind: 'remote-write',
          url: `${mimir.url}/api/v1/write`,
          intervalSeconds: 1,
          labels: { instance: 'g' },
        },
      },
    });
    const expected: string[] = [];
    let gateway = await startGateway(env);
    for (let seq = 1; seq <= 80; seq++) {
      if (seq === 20) await Promise.all([loki.kill(), tempo.kill()]);
      if (seq === 50) {
        await gateway.gateway.close();
        gateway = await startGateway(env);
      }
      const answer = await gateway.post(play('page-1', seq));
      expect(answer.status).toBe(202);
      expect((await gateway.post(play('page-1', seq))).body).toMatchObject({ duplicate: true });
      expected.push(`page-1 ${seq}`);
      // Batch 20 to the last: the minute for which the ends are dead.
      await sleep(seq < 20 ? 5 : 1_000);
    }
    expect(
      await gateway.sample('artel_gateway_output_lag_records{output="loki",signal="logs"}'),
    ).toBeGreaterThan(40);
    await Promise.all([loki.start(), tempo.start()]);

    // After a minute of failures the next attempt of each output may be a minute away.
    await soon(() => {
      expect(loki.lines.map(({ line }) => line)).toEqual(expected);
      expect(tempo.logs.map(({ decoded }) => decoded['body'])).toEqual(
        expected.map((stringValue) => ({ stringValue })),
      );
      expect(tempo.spans.map(({ decoded }) => decoded['name'])).toEqual(expected);
    });
    expect(loki.lines[0]).toMatchObject({
      labels: {
        app: 'billiards',
        service_name: 'billiards',
        environment: 'test',
        level: 'info',
        category: 'user_action',
      },
      metadata: { session: 's-1', producer: 'page-1', page: '/game', tier: 'anonymous', seq: '1' },
    });
    // What every output has passed is not kept.
    await soon(async () => expect(await gateway.sample('artel_gateway_queue_records')).toBe(0));
    for (const [output, signal] of [
      ['loki', 'logs'],
      ['tempo', 'logs'],
      ['tempo', 'traces'],
    ]) {
      const labels = `{output="${output}",signal="${signal}"}`;
      expect(await gateway.sample(`artel_gateway_output_lag_records${labels}`)).toBe(0);
      expect(await gateway.sample(`artel_gateway_output_lag_seconds${labels}`)).toBe(0);
    }
    await soon(() => {
      expect(tempo.metrics.get('user_action_total')?.points[0]?.decoded['asDouble']).toBe(80);
      const id = '__name__="user_action_total",action="pot",instance="g",job="artel-gateway",page="/game"';
      expect(mimir.series.get(id)?.at(-1)?.value).toBe(80);
    });
    // Running totals since the first batch, which the restart did not begin anew.
    const point = tempo.metrics.get('user_action_total')?.points[0]?.decoded;
    expect(point?.['startTimeUnixNano']).toBeLessThan(loki.lines[39]?.nanos ?? 0n);
    expect([...loki.faults, ...tempo.faults, ...mimir.faults]).toEqual([]);
    await gateway.gateway.close();
  });

  it('keeps what one tenant sends from the outputs of another', async () => {
    const [shared, own] = [await createLokiFake(), await createLokiFake()];
    const env = configured({
      outputs: {
        shared: { kind: 'loki', url: shared.url, batch },
        own: { kind: 'loki', url: own.url, batch },
      },
      tenants: [
        { app: 'billiards', environment: 'production', key: 'key-billiards' },
        { app: 'chess', environment: 'production', key: 'key-chess-1', outputs: ['own'] },
      ],
    });
    const gateway = await startGateway(env);
    // What a batch says of its app is not asked: the key tells whose it is.
    const app = { name: 'somebody', environment: 'test' };
    expect((await gateway.post(play('page-1', 1, { key: 'key-billiards', app }))).status).toBe(202);
    expect((await gateway.post(play('page-2', 1, { key: 'key-chess-1', app }))).status).toBe(202);
    const seen = (fake: typeof own) =>
      fake.lines.map(({ labels, line }) => [labels['app'], labels['environment'], line]).sort();
    await soon(() => {
      expect(seen(own)).toEqual([
        ['billiards', 'production', 'page-1 1'],
        ['chess', 'production', 'page-2 1'],
      ]);
      expect(seen(shared)).toEqual([['billiards', 'production', 'page-1 1']]);
    });
    await soon(async () => expect(await gateway.sample('artel_gateway_queue_records')).toBe(0));
  });

  it.skipIf(withoutPrometheus)(
    'shows a real Prometheus the traces of requests that the pages timed',
    async () => {
      const gateway = await startGateway();
      await gateway.post(play('page-1', 1));
      const prometheus = await ofTest(startPrometheus({ jobs: { gateway: [new URL(gateway.url).host] } }));
      await soon(async () => {
        const found = await prometheus.exemplars('api_request_duration_ms_bucket');
        expect(found).toMatchObject([
          {
            seriesLabels: { le: '50.0', method: 'POST' },
            exemplars: [{ labels: { trace_id: traceId }, value: '42' }],
          },
        ]);
      });
      expect(await prometheus.value('user_action_total')).toBe(1);
    },
  );
});

describe('a gateway that is killed', () => {
  const cli = join(import.meta.dirname, '../../dist/cli.js');

  beforeAll(() => {
    if (!existsSync(cli)) throw new Error(`${cli} is not built: run the build of packages/gateway first`);
  });

  async function launch(env: Record<string, string>): Promise<{ child: ChildProcess; url: string }> {
    const child = spawn(process.execPath, [cli], {
      env: { PATH: process.env['PATH'] ?? '', GATEWAY_PORT: '0', LOG_LEVEL: 'silent', ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    let text = '';
    for await (const chunk of child.stdout ?? []) {
      text += String(chunk);
      const url = /^gateway listening on (http:\S+)\n/.exec(text)?.[1];
      if (url === undefined) continue;
      child.stdout?.resume();
      return { child, url };
    }
    throw new Error(`the gateway ended before it listened: ${text}`);
  }

  it('has handed on exactly what it had answered for, when it is there again', async () => {
    const [loki, tempo] = [await createLokiFake(), await createOtlpFake()];
    const env = configured({
      outputs: {
        loki: { kind: 'loki', url: loki.url, batch },
        tempo: { kind: 'otlp', url: tempo.url, signals: ['traces'], batch },
      },
    });
    const answered: string[] = [];
    let seq = 0;
    for (let round = 0; round < 4; round++) {
      const { child, url } = await launch(env);
      const gone = once(child, 'exit');
      // A batch that got no answer is sent again after the restart, under its number.
      for (let sent = 0; sent < 400; sent++) {
        if (sent === 25 + round * 10) void sleep(round * 3).then(() => child.kill('SIGKILL'));
        const answer = await post(url, play('page-1', seq + 1)).catch(() => undefined);
        if (answer?.status !== 202) break;
        seq++;
        answered.push(`page-1 ${seq}`);
      }
      await gone;
    }
    const { url } = await launch(env);
    await soon(() => {
      expect(loki.lines.length).toBeGreaterThanOrEqual(answered.length);
      expect(tempo.spans.length).toBeGreaterThanOrEqual(answered.length);
    });
    await soon(async () => expect(await readSample(url, 'artel_gateway_queue_records')).toBe(0));
    // The last of a life may have been kept without its answer having come; then it was answered as a duplicate.
    const lines = loki.lines.map(({ line }) => line);
    expect(new Set(lines).size).toBe(lines.length);
    expect(lines.slice(0, answered.length)).toEqual(answered);
    expect(lines.length - answered.length).toBeLessThanOrEqual(1);
    expect(tempo.spans.map(({ decoded }) => decoded['name'])).toEqual(lines);
    expect([...loki.faults, ...tempo.faults]).toEqual([]);
  });
});
