import { expect, it } from 'vitest';
import { gatewayState } from './gatewayState';

const reports = {
  lag: {
    records: [
      { output: 'loki', signal: 'logs', seconds: 0.4, records: 12 },
      {
        output: 'tempo',
        signal: 'traces',
        seconds: 74,
        records: 116,
        trouble: 'connect ECONNREFUSED 10.0.0.7',
      },
    ],
    metrics: [
      { output: 'mimir', seconds: 9 },
      { output: 'other', seconds: 600, trouble: '401' },
    ],
  },
  queue: { records: 128, limit: 1_000 },
};

it('shows the operator everything', () => {
  expect(gatewayState(reports)).toEqual({
    queue: { records: 128, limit: 1_000 },
    outputs: [
      { name: 'loki (logs)', seconds: 0.4, records: 12 },
      { name: 'tempo (traces)', seconds: 74, records: 116, failure: 'connect ECONNREFUSED 10.0.0.7' },
      { name: 'mimir (metrics)', seconds: 0, records: 0 },
      { name: 'other (metrics)', seconds: 600, records: 0, failure: '401' },
    ],
  });
});

it('shows a tenant its own outputs, and neither what others send nor where it goes', () => {
  const state = gatewayState(reports, { outputs: ['tempo', 'mimir'] });
  expect(state).toEqual({
    outputs: [
      { name: 'tempo (traces)', seconds: 74, failure: '' },
      { name: 'mimir (metrics)', seconds: 0 },
    ],
  });
  expect(gatewayState(reports, {}).outputs).toHaveLength(4);
});
