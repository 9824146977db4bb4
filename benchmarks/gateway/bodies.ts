import { gzipSync } from 'node:zlib';

/** What one round of batches is made of. */
export interface BodyShape {
  /** Batches. */
  readonly count: number;
  /** Points in each. */
  readonly points: number;
  /** Log lines in each, as the client writes them beside events that bring more than the labels of their series. */
  readonly lines?: number;
  /** Compressed, as the client does with a body from 1,024 characters on. */
  readonly gzip?: boolean;
}

/** Page loads that send at the same time. */
const PAGES = 500;

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

/**
 * Batches as the client of a busy game makes them, field by field as it writes them: a few hundred series that come
 * again and again, two thirds of the points counters, a third timings with a few values. The same for the same `round`
 * and `now` (Unix time in ms); no two rounds have a batch in common.
 */
export function makeBodies(
  { count, points, lines = 0, gzip = false }: BodyShape,
  round: number,
  now: number,
) {
  // A linear congruential generator, of which the high bits are drawn: every run weighs the same bodies.
  let state = round + 1;
  const draw = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const pick = <T>(of: readonly T[]) => of[draw(of.length)];
  const makers = [
    (timestamp: number) => ({
      name: 'user_action_total',
      labels: { action: `action_${draw(30)}`, page: `/room/${pick([...'abcdefgh'])}` },
      timestamp,
      value: 1 + draw(9),
    }),
    (timestamp: number) => ({
      name: 'game_event_total',
      labels: { event_type: `event_${draw(20)}`, game_type: pick(['kolkhoz', 'pyramid', 'snooker']) },
      timestamp,
      value: 1 + draw(3),
    }),
    (timestamp: number) => ({
      name: 'api_request_duration_ms',
      labels: {
        endpoint: `/api/sessions/:id/${pick([...'abcdef'])}`,
        method: pick(['GET', 'POST']),
        status_code: pick(['200', '201', '404']),
      },
      timestamp,
      values: [draw(9_000) / 10, draw(900), draw(90)],
    }),
  ];
  const line = () => ({
    level: 'info',
    message: 'game_event_total',
    timestamp: now - draw(5_000),
    category: 'game_event',
    fields: { page: '/room/a', event_type: `event_${draw(20)}`, session_id: hex(draw(2 ** 30), 12) },
  });
  return Array.from({ length: count }, (_, index): Buffer => {
    const metrics = Array.from({ length: points }, (_unused, at) => makers[at % 3]?.(now - draw(5_000)));
    const body = Buffer.from(
      JSON.stringify({
        sentAt: now,
        v: 1,
        app: { name: 'bench', version: '1.2.3', environment: 'production' },
        session: hex(index % PAGES, 24),
        page: '/room/a',
        metrics,
        ...(lines > 0 ? { logs: Array.from({ length: lines }, line) } : {}),
        producer: hex(round * 1_000_000 + (index % PAGES), 24),
        seq: 1 + Math.floor(index / PAGES),
      }),
    );
    return gzip ? gzipSync(body) : body;
  });
}
