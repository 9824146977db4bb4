import { AsyncLocalStorage } from 'node:async_hooks';
import { EventEmitter, once } from 'node:events';
import { until } from '@artel/test-support/programs/waitUntil';
import { ofTest } from '@artel/test-support/servers/ofTest';
import { startPostgres, withoutPostgres } from '@artel/test-support/servers/postgres';
import type { RunningServer } from '@artel/test-support/servers/runningServer';
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { Pool, type PoolClient, Query, type QueryResult } from 'pg';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it, onTestFinished } from 'vitest';
import { recordSpans } from '../../fixtures/recordSpans';
import { sampleOf } from '../../fixtures/sampleOf';
import { createAppMetrics } from '../metrics';
import { instrumentPg } from './pg';

let server: RunningServer | undefined;
beforeAll(async () => {
  if (withoutPostgres) return;
  server = await startPostgres();
  const pool = new Pool({ connectionString: server.url });
  await pool.query('CREATE TABLE shots (id int PRIMARY KEY, player text)');
  await pool.query("INSERT INTO shots VALUES (1, 'Ivan'), (2, 'Olga')");
  await pool.end();
});
afterAll(() => server?.close());

function start(url = server?.url, max = 3) {
  const metrics = createAppMetrics({ service: 'game', processMetrics: false });
  const bare = new Pool({ connectionString: url, max, connectionTimeoutMillis: 60_000 });
  const pool = instrumentPg(bare, { metrics, database: 'artel' });
  pool.on('error', () => {});
  onTestFinished(() => (pool.ended ? undefined : pool.end()));
  const queries = (queryType: string, table: string) =>
    sampleOf(
      metrics,
      `db_query_duration_seconds_count{query_type="${queryType}",table="${table}",service="game"}`,
    );
  const connections = (which: 'active' | 'max') =>
    sampleOf(metrics, `db_connections_${which}{database="artel",service="game"}`);
  return { metrics, bare, pool, queries, connections };
}

describe.skipIf(withoutPostgres)('a pool of pg', () => {
  it('stays the pool that it was, with its types and results', async () => {
    const { bare, pool } = start();
    expect(pool).toBe(bare);
    expect(instrumentPg(pool, { database: 'again' })).toBe(bare);
    expectTypeOf(pool).toEqualTypeOf<Pool>();
    const { rows, rowCount } = await pool.query<{ id: number }>('SELECT id FROM shots WHERE player = $1', [
      'Olga',
    ]);
    expectTypeOf(rows).toEqualTypeOf<{ id: number }[]>();
    expect([rows, rowCount]).toEqual([[{ id: 2 }], 1]);
  });

  it('counts every query once, whichever way it is asked, with a span without its values', async () => {
    const spans = recordSpans();
    const { pool, queries } = start();
    const client = await pool.connect();
    const byCallback = <Result>(
      run: (done: (error: Error, result: Result) => void) => void,
    ): Promise<Result> =>
      new Promise((resolve, reject) => run((error, result) => (error ? reject(error) : resolve(result))));

    await pool.query("SELECT * FROM shots WHERE player = 'Ivan'");
    await pool.query({ text: 'SELECT * FROM shots WHERE id = $1', values: [1] });
    await byCallback<QueryResult>((done) => pool.query('SELECT * FROM shots', done));
    await byCallback<QueryResult>((done) => pool.query('SELECT * FROM shots WHERE id = $1', [2], done));
    await client.query('BEGIN');
    await client.query({ name: 'put', text: 'UPDATE shots SET player = $1 WHERE id = 7' }, ['Petr']);
    await byCallback<QueryResult>((done) =>
      client.query(Object.assign({ text: 'SELECT * FROM shots' }, { callback: done })),
    );
    await client.query('ROLLBACK');
    const query = client.query(new Query('SELECT * FROM shots'));
    await once(query, 'end');
    client.release();

    expect(await queries('SELECT', 'shots')).toBe(6);
    expect(await queries('UPDATE', 'shots')).toBe(1);
    expect(await queries('BEGIN', 'none')).toBe(1);
    expect(await queries('ROLLBACK', 'none')).toBe(1);
    const put = spans.one('UPDATE shots');
    expect(put.kind).toBe(SpanKind.CLIENT);
    expect(put.attributes).toEqual({
      'db.system': 'postgresql',
      'db.namespace': 'artel',
      'db.operation.name': 'UPDATE',
      'db.collection.name': 'shots',
      'db.query.text': 'UPDATE shots SET player = $1 WHERE id = ?',
    });
    const told = spans
      .ended()
      .map(({ name, attributes, events, status }) => ({ name, attributes, events, status }));
    expect(told).toHaveLength(9);
    expect(JSON.stringify(told)).not.toMatch(/Ivan|Petr/);
  });

  it('passes errors on as they are, and tells their code but not their text', async () => {
    const spans = recordSpans();
    const { pool, queries, metrics } = start();
    await expect(pool.query("SELECT * FROM shots WHERE id = 'secret'")).rejects.toMatchObject({
      code: '22P02',
      message: expect.stringContaining('secret'),
    });
    const failed = new Query('SELECT nothing FROM shots');
    const client = await pool.connect();
    const [error]: unknown[] = await once(client.query(failed), 'error').catch((thrown: unknown) => [thrown]);
    client.release();
    expect(error).toMatchObject({ code: '42703' });
    // pg's own programming errors are thrown, not rejected.
    expect(() => client.query(JSON.parse('null'))).toThrow('null or undefined query');
    expect(await queries('SELECT', 'shots')).toBe(2);
    const [first] = spans.ended();
    expect(first?.status).toEqual({ code: SpanStatusCode.ERROR });
    expect(first?.attributes['error.type']).toBe('22P02');
    expect(JSON.stringify([first?.attributes, first?.events, first?.status])).not.toContain('secret');
    expect((await metrics.expose()).body).not.toContain('network_errors_total{');
  });

  it('keeps the context over promises and callbacks, where many queries wait for one connection', async () => {
    const spans = recordSpans();
    const { pool } = start(server?.url, 1);
    const store = new AsyncLocalStorage<number>();
    const tracer = trace.getTracer('test');
    const seen = await Promise.all(
      [1, 2, 3, 4].map((id) =>
        store.run(id, () =>
          tracer.startActiveSpan(`player ${id}`, async (span) => {
            const told: unknown[] = [];
            const tell = () => told.push([store.getStore(), trace.getActiveSpan()?.spanContext().spanId]);
            await pool.query('SELECT id FROM shots');
            tell();
            await new Promise<void>((done) => {
              pool.query('SELECT id FROM shots', () => {
                tell();
                done();
              });
            });
            await new Promise<void>((done) => {
              pool.connect((_error, client, release) => {
                tell();
                client?.query('SELECT id FROM shots', () => {
                  tell();
                  release();
                  done();
                });
              });
            });
            span.end();
            expect(told).toEqual(Array(4).fill([id, span.spanContext().spanId]));
            return span.spanContext().spanId;
          }),
        ),
      ),
    );
    const parents = spans
      .ended()
      .filter(({ name }) => name === 'SELECT shots')
      .map(({ parentSpanContext }) => parentSpanContext?.spanId);
    expect(parents.sort()).toEqual([...seen, ...seen, ...seen].sort());
  });

  it('shows the connections in use, the most there may be, and nothing once the pool has ended', async () => {
    const { pool, connections } = start();
    const clients: PoolClient[] = [await pool.connect(), await pool.connect()];
    expect(await connections('active')).toBe(2);
    expect(await connections('max')).toBe(3);
    for (const client of clients) client.release();
    expect(await connections('active')).toBe(0);
    await pool.end();
    expect(await connections('active')).toBeUndefined();
  });

  it('says so when the server is away, and heals with it', async () => {
    const spans = recordSpans();
    const own = await ofTest(startPostgres());
    const { pool, metrics, queries } = start(own.url);
    await pool.query('CREATE TABLE games (id int)');
    const running = pool.query('SELECT count(*) FROM games, pg_sleep(60)');
    const insert = pool.query('INSERT INTO games SELECT 1 FROM pg_sleep(60)');
    const broken = Promise.all([running, insert].map((query) => expect(query).rejects.toThrow()));
    await until(async () => {
      const sql = "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'";
      return (await pool.query(sql)).rowCount === 2;
    });
    await own.stop();
    await broken;
    // The pool may have a connection left of which it does not know yet that it is closed.
    await until(async () => {
      const answer = await pool.query('SELECT id FROM games').catch((error: Error) => error.message);
      return String(answer).includes('ECONNREFUSED');
    });
    const { body } = await metrics.expose();
    expect(body).toMatch(
      /network_errors_total\{target="postgresql",error_type="ECONNREFUSED",service="game"\} 1/,
    );
    expect(body).toMatch(
      /network_errors_total\{target="postgresql",error_type="(?:57P01|57P02|closed|ECONNRESET)"/,
    );
    expect(spans.one('connect').attributes['error.type']).toBe('ECONNREFUSED');
    expect(spans.one('INSERT games').status.code).toBe(SpanStatusCode.ERROR);
    await own.start();
    expect((await pool.query('SELECT id FROM games')).rows).toEqual([]);
    expect(await queries('SELECT', 'games')).toBeGreaterThan(0);
  });
});

it('refuses what is no pool', () => {
  const nothing = JSON.parse('{}');
  Object.setPrototypeOf(nothing, EventEmitter.prototype);
  expect(() => instrumentPg(nothing, { database: 'artel' })).toThrow(
    'EventEmitter: expected a method connect',
  );
});
