import { defineMetrics } from '@artel/telemetry-react';

export const metrics = defineMetrics({
  actions: {
    cue_chosen: { cue: ['ash', 'oak'], weight: 'number', signed: { optional: 'boolean' } },
    ball_clicked: { ball_id: { optional: 'string' } },
    table_left: {},
  },
  gameEvents: { eventTypes: ['ball_potted', 'game_finished'], gameTypes: ['kolkhoz', 'pool'] },
  counters: {
    shots_total: { help: 'Shots taken.', labels: { cue: ['ash', 'oak'], table: 'string' } },
    rematches_total: { help: 'Rematches.' },
  },
  histograms: {
    aim_ms: { help: 'Time to aim.', unit: 'ms', buckets: [100, 1_000], labels: { cue: ['ash', 'oak'] } },
    power: { help: 'Power of a shot.' },
  },
});

// @ts-expect-error a part that there is not
defineMetrics({ action: {} });
// @ts-expect-error a field that there is not
defineMetrics({ counters: { shots_total: { help: 'Shots.', label: { cue: 'string' } } } });
// @ts-expect-error a field that there is not
defineMetrics({ histograms: { aim_ms: { help: 'Aim.', bucket: [1] } } });
// @ts-expect-error no help
defineMetrics({ counters: { shots_total: {} } });
// @ts-expect-error no name of a counter
defineMetrics({ counters: { shots: { help: 'Shots.' } } });
// @ts-expect-error no unit
defineMetrics({ histograms: { aim_hours: { help: 'Aim.', unit: 'hours' } } });
// @ts-expect-error no rule
defineMetrics({ actions: { hit: { cue: 'text' } } });
