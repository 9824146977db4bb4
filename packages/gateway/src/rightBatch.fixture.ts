import type { Dice } from './dice.fixture';
import type { Json } from './fuzzBody.fixture';

/** A batch that is right, of a tenant's. */
export function rightBatch(dice: Dice, key: string): Json {
  const id = (length: number): string =>
    Array.from({ length }, () => dice.below(15) + 1)
      .map((digit) => digit.toString(16))
      .join('');
  const points = Array.from(
    { length: dice.below(6) },
    (): Json =>
      dice.pick<Json>([
        { name: 'shots', value: dice.below(9) },
        {
          name: 'user_action_total',
          labels: { action: dice.pick(['aim', 'pot']), page: '/' },
          timestamp: Date.now(),
        },
        {
          name: 'api_request_duration_ms',
          value: dice.below(900),
          labels: { endpoint: `/g/${dice.below(99)}`, method: 'GET', status_code: '200' },
        },
        { name: 'aim_ms', values: [dice.below(9), 0.5], exemplar: { traceId: id(32), value: 1 } },
      ]),
  );
  return {
    v: 1,
    key,
    producer: `fuzz-${dice.below(50)}`,
    seq: 1 + dice.below(1_000),
    sentAt: Date.now(),
    app: { name: 'game', version: '1.0.0', environment: 'test' },
    session: id(16),
    user: `u${dice.below(9)}`,
    page: '/table/7',
    metrics: points,
    logs: Array.from(
      { length: dice.below(3) },
      (): Json => ({
        level: dice.pick(['info', 'error']),
        message: `potted ${dice.below(99)} by a@b.example`,
        timestamp: Date.now(),
        fields: { a: 1, b: 'x' },
        traceId: id(32),
      }),
    ),
    spans: Array.from(
      { length: dice.below(2) },
      (): Json => ({
        name: 'shot',
        traceId: id(32),
        spanId: id(16),
        start: Date.now(),
        duration: 4,
        status: 'ok',
        attributes: { cue: 'ash' },
      }),
    ),
    dropped: { age: dice.below(3) },
  };
}
