import { expect, it } from 'vitest';
import { serviceCatalogue } from './serviceCatalogue';

it('defines every metric of a service with help, labels that end in service, and ascending buckets', () => {
  for (const { name, help, kind, labels, buckets = [], maxSeries } of serviceCatalogue.values()) {
    expect(help, name).toMatch(/\.$/);
    expect(labels.at(-1), name).toBe('service');
    expect(new Set(labels).size, name).toBe(labels.length);
    expect(buckets.length > 0, name).toBe(kind === 'histogram');
    expect([...buckets].sort((a, b) => a - b)).toEqual(buckets);
    expect(maxSeries, name).toBeGreaterThan(0);
  }
});

it('has the names, labels and buckets that the seed gives a service', () => {
  const shapes = Object.fromEntries(
    [...serviceCatalogue.values()].map(({ name, kind, labels }) => [name, `${kind}: ${labels.join()}`]),
  );
  expect(shapes).toMatchObject({
    http_requests_total: 'counter: method,endpoint,status_code,service',
    http_request_duration_seconds: 'histogram: method,endpoint,service',
    active_game_sessions_total: 'gauge: game_type,service',
    game_events_total: 'counter: event_type,game_type,service',
    user_actions_total: 'counter: action_type,service',
    db_connections_active: 'gauge: database,service',
    db_query_duration_seconds: 'histogram: query_type,table,service',
    cache_hits_total: 'counter: cache_type,service',
    cache_misses_total: 'counter: cache_type,service',
    memory_usage_bytes: 'gauge: service',
    websocket_connections_active: 'gauge: service',
    websocket_messages_total: 'counter: direction,message_type,service',
  });
  expect(serviceCatalogue.get('http_request_duration_seconds')?.buckets).toEqual([
    0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
  ]);
  expect(serviceCatalogue.get('db_query_duration_seconds')?.buckets).toEqual([
    0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1,
  ]);
});
