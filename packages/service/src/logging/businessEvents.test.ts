import { expect, it } from 'vitest';
import { collectLines } from '../../fixtures/lines';
import { BusinessEventLogger } from './BusinessEventLogger';
import { createLogger } from './createLogger';

it("logs the seed's fields under the seed's categories", () => {
  const output = collectLines();
  const events = new BusinessEventLogger(
    createLogger({ service: 'game-service', destination: output.destination }),
  );
  events.logGameEvent('ball_potted', 's-1', 'p-1', { ball: 5 });
  events.logUserAction('create_session', 'u-1', { source: 'menu' });
  events.logSystemMetric('queue_depth', 12, { queue: 'events' });
  expect(output.lines).toMatchObject([
    {
      message: 'Game event occurred',
      event_type: 'ball_potted',
      session_id: 's-1',
      player_id: 'p-1',
      event_data: { ball: 5 },
      category: 'business_event',
    },
    {
      message: 'User action performed',
      action: 'create_session',
      user_id: 'u-1',
      metadata: { source: 'menu' },
      category: 'user_action',
    },
    {
      message: 'System metric recorded',
      metric_name: 'queue_depth',
      metric_value: 12,
      labels: { queue: 'events' },
      category: 'system_metric',
    },
  ]);
});
