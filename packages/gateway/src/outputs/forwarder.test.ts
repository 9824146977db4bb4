import { setTimeout as sleep } from 'node:timers/promises';
import { createFakeEnd } from '@artel/test-support/fakes/fakeEnd';
import { createLokiFake, type LokiFake } from '@artel/test-support/fakes/loki';
import { createOtlpFake } from '@artel/test-support/fakes/otlp';
import { createRemoteWriteFake } from '@artel/test-support/fakes/remoteWriteFake';
import { describe, expect, it } from 'vitest';
import { createMemoryQueue } from '../../fixtures/memoryQueue';
import { log, span } from '../../fixtures/records';
import { runForwarder, soon } from '../../fixtures/runForwarder';
import type { Clock } from '../clock';
import { type ExposedFamily, exposition } from '../exposition';

// Nothing is timed here, and a busy machine takes its time.
const quick = { waitSeconds: 0, records: 10 };

function loki(fake: { readonly url: string }, more: object = {}) {
  return { kind: 'loki', url: fake.url, batch: quick, ...more };
}

function otlp(fake: { readonly url: string }, more: object = {}) {
  return { kind: 'otlp', url: fake.url, batch: quick, ...more };
}

function names(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, at) => `line ${from + at}`);
}

function lines(fake: LokiFake): string[] {
  return fake.lines.map(({ line }) => line);
}

describe('the forwarder', () => {
  it('hands logs to Loki and spans to OTLP, each once, in order, in batches', async () => {
    const [store, traces] = [await createLokiFake({ orgId: 'team-1' }), await createOtlpFake()];
    const { add, sample } = runForwarder({
      outputs: {
        loki: loki(store, { orgId: 'team-1', labels: { cluster: 'eu' } }),
        tempo: otlp(traces, { signals: ['traces'] }),
      },
    });
    const spans = names(0, 25).map((name) => span(name));
    add(...names(0, 95).map((line) => log(line)), ...spans);
    await soon(() => expect([store.lines.length, traces.spans.length]).toEqual([95, 25]));
    expect(lines(store)).toEqual(names(0, 95));
    expect(store.lines[0]?.labels).toMatchObject({ app: 'billiards', cluster: 'eu' });
    expect(traces.spans.map(({ decoded }) => decoded['name'])).toEqual(names(0, 25));
    expect([store.requests.length, traces.requests.length]).toEqual([10, 3]);
    expect([store.duplicates, traces.duplicates, ...store.faults, ...traces.faults]).toEqual([0, 0]);
    await soon(() => expect(sample('artel_gateway_output_sent_total{output="loki",signal="logs"}')).toBe(95));
    expect(sample('artel_gateway_output_sent_total{output="tempo",signal="traces"}')).toBe(25);
    expect(sample('artel_gateway_output_lag_records{output="loki",signal="logs"}')).toBe(0);
    expect(sample('artel_gateway_output_lag_seconds{output="loki",signal="logs"}')).toBe(0);
  });

  it('gathers what comes within the wait into one request, gzipped', async () => {
    const store = await createLokiFake();
    const { add } = runForwarder({ outputs: { loki: loki(store, { batch: { waitSeconds: 0.2 } }) } });
    for (const line of names(0, 20)) {
      add(log(line, { fields: { note: 'x'.repeat(200) } }));
      await sleep(1);
    }
    await soon(() => expect(lines(store)).toEqual(names(0, 20)));
    expect(store.requests.length).toBeLessThanOrEqual(2);
    expect(store.requests[0]?.headers['content-encoding']).toBe('gzip');
    expect(store.requests[0]?.headers['user-agent']).toMatch(/^artel-gateway\//);
  });

  it('bounds a request in bytes', async () => {
    const store = await createLokiFake();
    const { add } = runForwarder({ outputs: { loki: loki(store, { batch: { ...quick, bytes: 10_000 } }) } });
    add(...names(0, 9).map((line) => log(line, { fields: { note: 'x'.repeat(4_000) } })));
    await soon(() => expect(lines(store)).toEqual(names(0, 9)));
    expect(Math.max(...store.requests.map(({ body }) => body.length))).toBeLessThan(10_000);
    expect(store.requests).toHaveLength(5);
  });

  it('gives a tenant only the outputs that are its own', async () => {
    const [a, b] = [await createLokiFake(), await createLokiFake()];
    const { add } = runForwarder({
      outputs: { a: loki(a), b: loki(b) },
      tenants: {
        'billiards/test': { app: 'billiards', environment: 'test', outputs: ['a'] },
        'chess/test': {},
      },
    });
    add(log('one', {}, { tenant: 'billiards/test' }), log('two', {}, { tenant: 'chess/test' }));
    add(log('three', {}, { tenant: 'gone/test' }));
    await soon(() =>
      expect([lines(a), lines(b)]).toEqual([
        ['one', 'two', 'three'],
        ['two', 'three'],
      ]),
    );
  });

  it('starts a new output at the oldest record that the queue has', async () => {
    const memory = createMemoryQueue();
    memory.add(...names(0, 5).map((line) => log(line)));
    const store = await createLokiFake();
    runForwarder({ memory, outputs: { loki: loki(store) } });
    await soon(() => expect(lines(store)).toEqual(names(0, 5)));
  });
});

describe('an end that is away', () => {
  it('gets everything once and in order when it is killed again and again', async () => {
    const [store, traces] = [await createLokiFake(), await createOtlpFake()];
    const { add } = runForwarder({ outputs: { loki: loki(store), tempo: otlp(traces) } });
    for (let round = 0; round < 4; round++) {
      add(...names(round * 40, round * 40 + 40).flatMap((line) => [log(line), span(line)]));
      await soon(() => expect(store.lines.length).toBeGreaterThan(round * 40));
      await Promise.all([store.kill(), traces.kill()]);
      await sleep(300);
      await Promise.all([store.start(), traces.start()]);
    }
    await soon(() => {
      expect(lines(store)).toEqual(names(0, 160));
      expect(traces.logs).toHaveLength(160);
      expect(traces.spans.map(({ decoded }) => decoded['name'])).toEqual(names(0, 160));
    });
    expect([...store.faults, ...traces.faults]).toEqual([]);
  });

  it('is asked ever more seldom for a minute, and gets everything once it is back', async () => {
    const store = await createLokiFake();
    await store.kill();
    let passed = 0;
    const started = Date.now();
    const clock: Clock = { now: () => started + passed, elapsed: () => passed };
    const waits: number[] = [];
    const { add, sample } = runForwarder({
      outputs: { loki: loki(store) },
      clock,
      // A minute goes by in the time that the refused connections take.
      async wait(ms, signal) {
        if (ms > 0) waits.push(ms);
        passed += ms;
        if (passed > 60_000) await store.start();
        await new Promise((resolve) => (signal.aborted ? resolve(undefined) : setImmediate(resolve)));
      },
    });
    add(...names(0, 30).map((line) => log(line)));
    await soon(() => expect(lines(store)).toEqual(names(0, 30)));
    expect(waits.slice(0, 9)).toEqual([20, 40, 80, 160, 320, 640, 1_200, 1_200, 1_200]);
    expect(waits.length).toBe(sample('artel_gateway_output_failures_total{output="loki",signal="logs"}'));
    expect(store.duplicates).toBe(0);
  });

  it('delays nobody else, and shows how far behind it is', async () => {
    const [dead, alive] = [await createLokiFake(), await createLokiFake()];
    await dead.kill();
    const { add, sample, forwarder, logged } = runForwarder({
      outputs: { dead: loki(dead), alive: loki(alive) },
    });
    add(...names(0, 50).map((line) => log(line, {}, { received: Date.now() - 90_000 })));
    await soon(() => expect(lines(alive)).toEqual(names(0, 50)));
    await soon(() =>
      expect(sample('artel_gateway_output_failures_total{output="dead",signal="logs"}')).toBeGreaterThan(1),
    );
    expect(sample('artel_gateway_output_lag_records{output="dead",signal="logs"}')).toBe(50);
    expect(sample('artel_gateway_output_lag_seconds{output="dead",signal="logs"}')).toBeGreaterThan(89);
    await soon(() =>
      expect(sample('artel_gateway_output_lag_records{output="alive",signal="logs"}')).toBe(0),
    );
    expect(forwarder.lag().records[0]?.trouble).toMatch(/ECONNREFUSED/);
    expect(logged).toEqual(['warn: output takes nothing']);
    expect(forwarder.passed()).toBe(1);
    await dead.start();
    await soon(() => expect(forwarder.passed()).toBe(51));
    expect(lines(dead)).toEqual(names(0, 50));
    expect(logged).toEqual(['warn: output takes nothing', 'info: output takes records again']);
  });

  it.each([401, 403, 404, 408, 429, 500, 502, 503, 301])(
    'loses nothing while it answers %i',
    async (status) => {
      const store = await createLokiFake();
      const { add, sample } = runForwarder({ outputs: { loki: loki(store) } });
      store.refuse({ status, body: 'not now', headers: { Location: 'http://127.0.0.1:9/' } }, 3);
      add(...names(0, 25).map((line) => log(line)));
      await soon(() => expect(lines(store)).toEqual(names(0, 25)));
      expect(sample('artel_gateway_output_failures_total{output="loki",signal="logs"}')).toBe(3);
      expect(sample('artel_gateway_output_dropped_total{output="loki",reason="refused",signal="logs"}')).toBe(
        0,
      );
    },
  );

  it('says by Retry-After when it wants to be asked again', async () => {
    const store = await createLokiFake();
    const waits: number[] = [];
    const { add } = runForwarder({
      outputs: { loki: loki(store) },
      async wait(ms) {
        waits.push(ms);
        await new Promise((resolve) => setImmediate(resolve));
      },
    });
    store.refuse({ status: 429, headers: { 'Retry-After': '17' } }, 1);
    add(log('line'));
    await soon(() => expect(lines(store)).toEqual(['line']));
    expect(waits).toContain(17_000);
  });

  it('is given up on after the timeout when it does not answer, and asked again', async () => {
    const store = await createLokiFake();
    store.stall();
    const { add, forwarder } = runForwarder({ outputs: { loki: loki(store, { timeoutSeconds: 0.1 }) } });
    add(log('line'));
    await soon(() => expect(forwarder.lag().records[0]?.failures).toBeGreaterThan(1));
    expect(forwarder.lag().records[0]?.trouble).toBe('no answer within 100 ms');
  });

  it('does not hold up the end of the gateway when it does not answer, and gets its records with the next start', async () => {
    const memory = createMemoryQueue();
    const [stalled, store] = [await createLokiFake(), await createLokiFake()];
    stalled.stall();
    const first = runForwarder({ memory, outputs: { loki: loki(stalled, { timeoutSeconds: 300 }) } });
    first.add(log('line'));
    await sleep(50);
    await first.forwarder.close(20);
    runForwarder({ memory, outputs: { loki: loki(store) } });
    await soon(() => expect(lines(store)).toEqual(['line']));
  });

  it('may still answer when the gateway ends, and is not asked twice then', async () => {
    const memory = createMemoryQueue();
    const store = await createLokiFake();
    const { add, forwarder } = runForwarder({ memory, outputs: { loki: loki(store) } });
    add(log('line'));
    await soon(() => expect(memory.queue.ends().next).toBe(2));
    await forwarder.close(10_000);
    const { forwarder: next } = runForwarder({ memory, outputs: { loki: loki(store) } });
    await soon(() => expect(next.passed()).toBe(2));
    expect([lines(store), store.duplicates]).toEqual([['line'], 0]);
  });
});

describe('a gateway that is started again', () => {
  it('goes on where it was, and sends again at most what was under way', async () => {
    const memory = createMemoryQueue();
    const [store, logs] = [await createLokiFake(), await createOtlpFake()];
    const outputs = { loki: loki(store), logs: otlp(logs, { signals: ['logs'] }) };
    for (let round = 0; round < 5; round++) {
      const { add, forwarder } = runForwarder({ memory, outputs });
      add(...names(round * 50, round * 50 + 50).map((line) => log(line)));
      await soon(() => expect(store.lines.length).toBeGreaterThan(round * 50 + 15));
      await forwarder.close(0);
    }
    runForwarder({ memory, outputs });
    await soon(() => {
      expect(lines(store)).toEqual(names(0, 250));
      expect(logs.logs).toHaveLength(250);
    });
    // One batch of ten for each restart at the most.
    expect(store.duplicates).toBeLessThanOrEqual(50);
    for (const output of ['loki/logs', 'logs/logs']) {
      const moves = memory.moves.filter(([id]) => id === output).map(([, next]) => next);
      expect(moves).toEqual([...moves].sort((a, b) => a - b));
    }
  });
});

describe('a record that an end will never take', () => {
  it('is found by halving and given up alone', async () => {
    const store = await createLokiFake({ poison: ({ line }) => line === 'line 13' });
    const spans = await createOtlpFake({ poison: ({ decoded }) => decoded['name'] === 'line 7' });
    const { add, sample, logged } = runForwarder({
      outputs: { loki: loki(store), tempo: otlp(spans, { signals: ['traces'] }) },
    });
    add(...names(0, 30).flatMap((line) => [log(line), span(line)]));
    await soon(() => {
      expect(lines(store)).toEqual(names(0, 30).filter((line) => line !== 'line 13'));
      expect(spans.spans).toHaveLength(29);
    });
    expect(sample('artel_gateway_output_dropped_total{output="loki",reason="refused",signal="logs"}')).toBe(
      1,
    );
    expect(
      sample('artel_gateway_output_dropped_total{output="tempo",reason="refused",signal="traces"}'),
    ).toBe(1);
    expect([store.duplicates, spans.duplicates]).toEqual([0, 0]);
    expect(logged).toEqual(['error: output dropped records', 'error: output dropped records']);
  });

  it('is the line that is too old for Loki, which keeps the others of the request', async () => {
    const store = await createLokiFake();
    const hour = 3_600_000;
    const { add, sample } = runForwarder({ outputs: { loki: loki(store, { lateSeconds: 1_000_000 }) } });
    add(
      ...names(0, 30).map((line, at) =>
        log(line, at === 12 || at === 25 ? { timestamp: Date.now() - 5 * hour } : {}),
      ),
    );
    await soon(() => expect(sample('artel_gateway_output_lag_records{output="loki",signal="logs"}')).toBe(0));
    expect(lines(store).sort()).toEqual(
      names(0, 30)
        .filter((_, at) => at !== 12 && at !== 25)
        .sort(),
    );
    expect(sample('artel_gateway_output_dropped_total{output="loki",reason="refused",signal="logs"}')).toBe(
      2,
    );
    expect(store.duplicates).toBeGreaterThan(0);
    expect(store.requests.length).toBeLessThan(30);
  });

  it('is not sent at all when Loki would find it older than a week', async () => {
    const store = await createLokiFake();
    const { add, sample } = runForwarder({ outputs: { loki: loki(store) } });
    const received = Date.now() - 8 * 86_400_000;
    add(log('old', {}, { received }), log('new'));
    await soon(() => expect(lines(store)).toEqual(['new']));
    expect(sample('artel_gateway_output_dropped_total{output="loki",reason="too_old",signal="logs"}')).toBe(
      1,
    );
    expect(store.requests).toHaveLength(1);
  });

  it('is told apart from a request that is too large', async () => {
    const large = await createFakeEnd(({ body }) => ({ status: body.length > 3_000 ? 413 : 204 }));
    const { add, sample } = runForwarder({ outputs: { loki: loki(large) } });
    add(...names(0, 20).map((line) => log(line)), log('x'.repeat(4_000)), log('last'));
    await soon(() => expect(sample('artel_gateway_output_sent_total{output="loki",signal="logs"}')).toBe(21));
    expect(sample('artel_gateway_output_dropped_total{output="loki",reason="too_large",signal="logs"}')).toBe(
      1,
    );
  });

  it('is counted when OTLP says that it has left it out, and not sent again', async () => {
    const end = await createOtlpFake({ reject: ({ decoded }) => String(decoded['name']).endsWith('5') });
    const { add, sample } = runForwarder({ outputs: { tempo: otlp(end, { signals: ['traces'] }) } });
    add(...names(0, 30).map((name) => span(name)));
    await soon(() =>
      expect(sample('artel_gateway_output_sent_total{output="tempo",signal="traces"}')).toBe(27),
    );
    expect(
      sample('artel_gateway_output_dropped_total{output="tempo",reason="rejected",signal="traces"}'),
    ).toBe(3);
    expect([end.spans.length, end.requests.length]).toEqual([27, 3]);
  });

  it('is hardly any, as long as an end that takes nothing at all may be set up wrongly', async () => {
    const store = await createLokiFake();
    const { add, sample } = runForwarder({ outputs: { loki: loki(store) }, wait: (ms) => sleep(ms / 20) });
    store.refuse({ status: 400, body: 'structured metadata is disallowed' });
    add(...names(0, 100).map((line) => log(line)));
    await soon(() =>
      expect(sample('artel_gateway_output_dropped_total{output="loki",reason="refused",signal="logs"}')).toBe(
        2,
      ),
    );
    store.refuse({ status: 400 }, 0);
    await soon(() => expect(sample('artel_gateway_output_lag_records{output="loki",signal="logs"}')).toBe(0));
    expect(store.lines.length).toBeGreaterThanOrEqual(97);
  });

  it('is counted too when the full queue had to let it go', async () => {
    const store = await createLokiFake();
    await store.kill();
    const { add, sample, memory } = runForwarder({ outputs: { loki: loki(store) } });
    add(...names(0, 50).map((line) => log(line)));
    await soon(() =>
      expect(sample('artel_gateway_output_failures_total{output="loki",signal="logs"}')).toBeGreaterThan(0),
    );
    memory.drop(30);
    await store.start();
    await soon(() => expect(sample('artel_gateway_output_lag_records{output="loki",signal="logs"}')).toBe(0));
    // The batch that was under way is still there; what was behind it is not.
    expect(lines(store)).toEqual([...names(0, 10), ...names(30, 50)]);
    expect(
      sample('artel_gateway_output_dropped_total{output="loki",reason="queue_full",signal="logs"}'),
    ).toBe(20);
  });
});

describe('the series', () => {
  const families = (value: number): ExposedFamily[] => [
    { name: 'shots_total', kind: 'counter', help: 'Shots.', series: [{ labels: [['page', '/']], value }] },
  ];

  it('are pushed by OTLP and by remote write at each interval, and once more at the end', async () => {
    const [tempo, mimir] = [await createOtlpFake(), await createRemoteWriteFake()];
    let value = 0;
    const { forwarder, sample } = runForwarder({
      outputs: {
        tempo: { ...otlp(tempo, { signals: ['metrics'] }), intervalSeconds: 1 },
        mimir: {
          kind: 'remote-write',
          url: `${mimir.url}/api/v1/write`,
          intervalSeconds: 1,
          labels: { zone: 'eu' },
        },
      },
      metrics: () => families(++value),
      // Intervals of 20 ms in place of a second.
      wait: (ms) => sleep(ms / 50),
    });
    const series = '__name__="shots_total",instance="gateway-1",job="artel-gateway",page="/",zone="eu"';
    await soon(() => {
      expect(mimir.series.get(series)?.length).toBeGreaterThan(2);
      expect(tempo.requests.length).toBeGreaterThan(2);
    });
    value = 1_000;
    await forwarder.close();
    expect(mimir.series.get(series)?.at(-1)?.value).toBeGreaterThan(1_000);
    expect(tempo.metrics.get('shots_total')?.points[0]).toMatchObject({
      resource: { 'service.name': 'artel-gateway', 'service.instance.id': 'gateway-1' },
      attributes: { page: '/' },
      decoded: { asDouble: expect.toSatisfy((last: number) => last > 1_000) },
    });
    expect([...tempo.faults, ...mimir.faults]).toEqual([]);
    expect(sample('artel_gateway_output_sent_total{output="mimir",signal="metrics"}')).toBe(
      mimir.requests.length,
    );
  });

  it('catch up with one snapshot when an end comes back, never with an old one', async () => {
    const mimir = await createRemoteWriteFake();
    await mimir.kill();
    let value = 0;
    const { sample } = runForwarder({
      outputs: { mimir: { kind: 'remote-write', url: `${mimir.url}/api/v1/write`, intervalSeconds: 1 } },
      metrics: () => families(++value),
      wait: (ms) => sleep(ms / 50),
    });
    await soon(() =>
      expect(sample('artel_gateway_output_failures_total{output="mimir",signal="metrics"}')).toBeGreaterThan(
        3,
      ),
    );
    expect(sample('artel_gateway_output_lag_seconds{output="mimir",signal="metrics"}')).toBeGreaterThan(0);
    await mimir.start();
    await soon(() => expect(mimir.series.size).toBe(1));
    const [samples = []] = [...mimir.series.values()];
    expect(samples[0]?.value).toBeGreaterThan(3);
    expect(mimir.faults).toEqual([]);
  });
});

it('shows metrics of its own that are right Prometheus text, from 0 on', async () => {
  const store = await createLokiFake();
  const { forwarder } = runForwarder({ outputs: { loki: loki(store) } });
  const text = exposition(forwarder.families());
  expect(text).toContain('# TYPE artel_gateway_output_lag_records gauge');
  expect(text).toContain(
    'artel_gateway_output_dropped_total{output="loki",reason="too_old",signal="logs"} 0',
  );
  expect(text).toContain('artel_gateway_output_sent_total{output="loki",signal="logs"} 0');
});
