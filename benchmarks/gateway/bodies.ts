/** Batches as a busy game makes them: a few hundred series that come again and again, a third of the points timings. */
export function makeBodies(count: number, points: number): Buffer[] {
  // A linear congruential generator: every run weighs the same bodies.
  let state = 1;
  const draw = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state % below;
  };
  const makers = [
    () => ({
      name: 'user_action_total',
      labels: { action: `action_${draw(30)}`, page: `/room/${'abcdefgh'[draw(8)]}` },
      value: 1 + draw(9),
    }),
    () => ({
      name: 'game_event_total',
      labels: { event_type: `event_${draw(20)}`, game_type: ['kolkhoz', 'pyramid', 'snooker'][draw(3)] },
      value: 1 + draw(3),
    }),
    () => ({
      name: 'api_request_duration_ms',
      labels: {
        endpoint: `/api/sessions/:id/${'abcdef'[draw(6)]}`,
        method: ['GET', 'POST'][draw(2)],
        status_code: ['200', '201', '404'][draw(3)],
      },
      values: [draw(900) + 0.5, draw(900), draw(90)],
    }),
  ];
  const timestamp = Date.now();
  return Array.from({ length: count }, (_, index) => {
    const metrics = Array.from({ length: points }, (_unused, at) => ({ ...makers[at % 3]?.(), timestamp }));
    return Buffer.from(
      JSON.stringify({
        v: 1,
        producer: `bench-${index}`,
        seq: 1,
        app: { name: 'bench' },
        session: 's',
        metrics,
      }),
    );
  });
}
