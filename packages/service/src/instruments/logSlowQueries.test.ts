import { expect, it } from 'vitest';
import { collectLines } from '../../fixtures/lines';
import { sampleOf } from '../../fixtures/sampleOf';
import { createLogger } from '../logging';
import { createAppMetrics } from '../metrics';
import { logSlowQueries } from './logSlowQueries';

function start(slowMs?: number) {
  const output = collectLines();
  const metrics = createAppMetrics({ service: 'game', processMetrics: false });
  const logger = createLogger({ service: 'game', destination: output.destination });
  logSlowQueries(metrics, { logger, ...(slowMs === undefined ? {} : { slowMs }) });
  return { metrics, output };
}

it('tells of a query that takes long, and of no other', () => {
  const { metrics, output } = start();
  metrics.dbQueryDuration.observe({ query_type: 'SELECT', table: 'shots' }, 0.0999);
  expect(output.lines).toEqual([]);
  metrics.dbQueryDuration.observe({ query_type: 'UPDATE', table: 'games' }, 0.251_234);
  expect(output.last).toMatchObject({
    level: 'warn',
    category: 'db_query',
    query_type: 'UPDATE',
    table: 'games',
    duration_ms: 251.23,
    message: 'Slow query',
  });
});

it('measures them all as before', async () => {
  const { metrics, output } = start(0);
  await metrics.trackDbQuery('SELECT', 'shots', async () => 7)();
  expect(output.lines).toHaveLength(1);
  const count = 'db_query_duration_seconds_count{query_type="SELECT",table="shots",service="game"}';
  expect(await sampleOf(metrics, count)).toBe(1);
});
