import { stringify } from 'yaml';
import { createFakeEnd, type FakeEnd, need, needOnly } from './fakeEnd';

export interface TempoTrace {
  /** Unix ms. */
  readonly at: number;
  /** `user.hash` of its spans. */
  readonly user: string;
}

/**
 * A Tempo that speaks `/status/config`, `/status/runtime_config` and, of `/api/search`, what asks for users.
 * https://grafana.com/docs/tempo/latest/api_docs/
 */
export async function startTempoFake(
  config: unknown,
  overrides: unknown,
  traces: readonly TempoTrace[] = [],
): Promise<FakeEnd> {
  return createFakeEnd(({ method, path, query }) => {
    need(method === 'GET', 'method not allowed', 405);
    if (path === '/status/config') return { status: 200, body: stringify(config) };
    if (path === '/status/runtime_config') return { status: 200, body: stringify(overrides) };
    need(path === '/api/search', `404 page not found: ${path}`, 404);
    needOnly(query, ['q', 'start', 'end', 'limit']);
    const q = query.get('q') ?? '';
    const conditions = /^\{ (.+) \}$/.exec(q)?.[1]?.split(' || ') ?? [];
    const users = conditions.map((one) => /^\.user\.hash = "([\da-f]+)"$/.exec(one)?.[1]);
    need(users.length > 0 && !users.includes(undefined), `invalid TraceQL query: ${q}`);
    const [start, end] = [query.get('start') ?? '', query.get('end') ?? ''];
    need(/^\d{10}$/.test(start) && /^\d{10}$/.test(end), 'start and end are Unix times in seconds');
    const found = traces.filter(
      ({ at, user }) => users.includes(user) && at >= Number(start) * 1_000 && at <= Number(end) * 1_000,
    );
    const shown = found.slice(0, Number(query.get('limit') ?? 20)).map(({ at }, index) => ({
      traceID: index.toString(16).padStart(32, '0'),
      startTimeUnixNano: `${at}000000`,
    }));
    return {
      status: 200,
      body: JSON.stringify({ traces: shown, metrics: {} }),
      headers: { 'content-type': 'application/json' },
    };
  });
}
