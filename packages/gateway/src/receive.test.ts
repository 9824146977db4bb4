import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import { limits } from '@artel/telemetry-protocol';
import { describe, expect, it } from 'vitest';
import { expectProblem, startGateway } from '../fixtures/gateway';

const curl = spawnSync('curl', ['--version']).status === 0;

describe('a batch', () => {
  it("is counted in the seed's bare form", async () => {
    const { post, sample } = await startGateway();
    const answer = await post({
      metrics: [
        {
          name: 'game_event_total',
          value: 1,
          labels: { event_type: 'ball_potted', game_type: 'pool', session_id: 's1' },
          timestamp: 1,
        },
        { name: 'page_load_duration_ms', value: 320, labels: { page: '/game' }, timestamp: 1 },
      ],
    });
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({ accepted: 2, rejected: [], duplicate: false });
    expect(await sample('game_event_total{event_type="ball_potted",game_type="pool"}')).toBe(1);
    expect(await sample('page_load_duration_ms_bucket{page="/game",le="250"}')).toBe(0);
    expect(await sample('page_load_duration_ms_bucket{page="/game",le="500"}')).toBe(1);
  });

  it.each([
    ['plain text', { 'content-type': 'text/plain;charset=UTF-8' }],
    ['JSON', { 'content-type': 'application/json' }],
    ['bytes', { 'content-type': 'application/octet-stream' }],
    ['nonsense', { 'content-type': ';;;' }],
  ])('is taken as %s', async (_type, headers: Record<string, string>) => {
    const { post, sample } = await startGateway();
    expect((await post('{"metrics":[{"name":"shots_total"}]}', headers)).status).toBe(202);
    expect(await sample('shots_total')).toBe(1);
  });

  it('is taken without a content type, and gzipped', async () => {
    const { post, sample } = await startGateway();
    const body = new Uint8Array(gzipSync('{"metrics":[{"name":"shots","value":3}]}'));
    expect((await post(body)).status).toBe(202);
    expect(await sample('shots_total')).toBe(3);
  });

  it('keeps its good points beside a bad one, which it names', async () => {
    const { post, sample } = await startGateway();
    const answer = await post({
      metrics: [{ name: 'bad name' }, { name: 'shots', value: 2 }, { name: 'a', value: 'x' }],
    });
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({
      accepted: 1,
      rejected: [{ index: 0 }, { index: 2 }],
      duplicate: false,
    });
    expect(await sample('shots_total')).toBe(2);
  });

  it('is counted once by its producer and seq, even when it was counted in part', async () => {
    const { post, sample } = await startGateway();
    const batch = {
      producer: 'p1',
      seq: 1,
      metrics: [{ name: 'shots' }, { name: 'bad name' }],
      dropped: { offline: 4 },
    };
    expect((await post(batch)).body).toMatchObject({ accepted: 1, duplicate: false });
    const second = await post(batch);
    expect(second.status).toBe(202);
    expect(second.body).toEqual({ accepted: 0, rejected: [], duplicate: true });
    expect(await sample('shots_total')).toBe(1);
    expect(await sample('telemetry_dropped_total{reason="offline"}')).toBe(4);
    expect(await sample('artel_gateway_duplicates_total')).toBe(1);
  });

  it('is counted every time without a producer', async () => {
    const { post, sample } = await startGateway();
    for (let i = 0; i < 3; i++) await post({ metrics: [{ name: 'shots' }] });
    expect(await sample('shots_total')).toBe(3);
  });

  it('is counted once when 200 copies arrive together', async () => {
    const { post, sample } = await startGateway();
    const batch = { producer: 'p1', seq: 7, metrics: [{ name: 'shots' }] };
    const answers = await Promise.all(Array.from({ length: 200 }, () => post(batch)));
    expect(answers.every(({ status }) => status === 202)).toBe(true);
    expect(answers.filter(({ body }) => JSON.stringify(body).includes('"duplicate":false'))).toHaveLength(1);
    expect(await sample('shots_total')).toBe(1);
  });

  it('is refused when nothing in it is right, and may then come again, mended', async () => {
    const { post, sample } = await startGateway();
    const answer = await post({ producer: 'p1', seq: 1, metrics: [{ name: 'bad name' }] });
    expectProblem(answer, 400, /not one of 1 items could be counted; metrics\[0\] name: "bad name"/);
    expect(answer.body).toMatchObject({ accepted: 0, rejected: [{ index: 0, reason: expect.any(String) }] });
    expect((await post({ producer: 'p1', seq: 1, metrics: [{ name: 'shots' }] })).body).toMatchObject({
      accepted: 1,
    });
    expect(await sample('shots_total')).toBe(1);
  });

  it('may be empty', async () => {
    const { post } = await startGateway();
    expect((await post({ metrics: [] })).body).toEqual({ accepted: 0, rejected: [], duplicate: false });
  });

  it('cannot reach a prototype through __proto__', async () => {
    const { post, get } = await startGateway();
    await post(
      '{"__proto__":{"polluted":1},"metrics":[{"name":"shots","__proto__":{"polluted":1}}],"dropped":{"__proto__":1}}',
    );
    expect({}).not.toHaveProperty('polluted');
    expect((await get('/metrics')).status).toBe(200);
  });

  it('with an unknown metric is refused where the catalogue is strict', async () => {
    const { post } = await startGateway({ GATEWAY_STRICT_CATALOGUE: 'true' });
    expectProblem(await post({ metrics: [{ name: 'shots' }] }), 400, /shots is not in the catalogue/);
  });
});

describe('a body that is wrong', () => {
  const metric = (point: object): string => JSON.stringify({ metrics: [point] });
  it.each<[string, string | Uint8Array, number, RegExp]>([
    ['no JSON', 'hello, these are my metrics', 400, /body: is not JSON: unexpected "h" at position 0/],
    ['cut off', '{"metrics":[', 400, /body: is not JSON: unexpected the end of the text at position 12/],
    ['empty', '', 400, /body: is empty/],
    ['no UTF-8', Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d), 400, /body: is not UTF-8 at byte 2/],
    [
      'cut off gzip',
      new Uint8Array(gzipSync('{"metrics":[]}').subarray(0, 20)),
      400,
      /gzip and cannot be inflated/,
    ],
    [
      'a gzip bomb',
      new Uint8Array(gzipSync(Buffer.alloc(50_000_000))),
      413,
      /inflates to more than 1048576 bytes/,
    ],
    ['too deep', '['.repeat(500_000), 400, /nested deeper than 16/],
    ['an array', '[]', 400, /body: expected an object, got array/],
    ['without metrics', '{}', 400, /metrics: expected an array, got undefined/],
    ['of another type', '{"metrics":{}}', 400, /metrics: expected an array, got object/],
    ['half a producer', '{"metrics":[],"producer":"p"}', 400, /producer, seq: a batch has both or neither/],
    [
      'a value of another type',
      metric({ name: 'a', value: '1' }),
      400,
      /metrics\[0\] value: expected a finite number, got "1"/,
    ],
    ['no Prometheus name', metric({ name: 'my-metric' }), 400, /"my-metric" is not a Prometheus metric name/],
    [
      'a label of 10 kB',
      metric({ name: 'a', labels: { l: 'x'.repeat(10_000) } }),
      400,
      /labels\.l: 10000 characters, the limit is 256/,
    ],
    [
      '10,000 points',
      JSON.stringify({ metrics: Array.from({ length: 10_000 }, () => ({ name: 'a' })) }),
      413,
      /metrics: 10000 items, the limit is 1000/,
    ],
    ['5 MB', 'x'.repeat(5_000_000), 413, /body: 5000000 bytes, the limit is 1048576/],
  ])('(%s) is told what', async (_title, body, status, detail) => {
    const { post, sample } = await startGateway();
    const answer = await post(body);
    expectProblem(answer, status, detail);
    expect(await sample('artel_gateway_batches_total{outcome="refused"}')).toBe(1);
    expect(await sample('artel_gateway_series')).toBe(0);
  });

  it('of the largest size is still read', async () => {
    const { post } = await startGateway();
    const body = '{"metrics":[]}';
    expect((await post(body.padEnd(limits.bodyBytes))).status).toBe(202);
    expect((await post(body.padEnd(limits.bodyBytes + 1))).status).toBe(413);
  });

  it('is quoted by no more than 60 characters', async () => {
    const { post } = await startGateway();
    for (const body of [
      `secret-${'s'.repeat(500)}`,
      JSON.stringify({ metrics: [{ name: `-${'s'.repeat(100)}` }] }),
    ]) {
      expect(JSON.stringify((await post(body)).body)).not.toMatch(/s{61}/);
    }
  });

  it.skipIf(!curl && !process.env['CI'])('of 5 MB leaves the connection whole for curl', async () => {
    const { url } = await startGateway();
    const args = ['-sS', '-H', 'Expect:', '-w', '\n%{http_code} %{num_connects}', '--data-binary', '@-'];
    const child = spawn('curl', [...args, `${url}/api/metrics`, '--next', '-sS', `${url}/health/live`]);
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += String(chunk);
    });
    child.stdin.end('x'.repeat(5_000_000));
    const [code] = await once(child, 'close');
    expect(code).toBe(0);
    expect(text).toContain('\n413 1{"status":"ok"}');
  });
});
