import { useErrorTracking, useMetrics, useTrackedAction } from '@artel/telemetry-react';
import { it } from 'vitest';
import type { metrics } from './metrics';

declare module '@artel/telemetry-react' {
  interface Register {
    metrics: typeof metrics;
  }
}

it('takes what is registered and refuses any other name, label and value', () => {
  const { trackUserAction, trackGameEvent, count, observe, trackError, trackPageLoad } = useMetrics();
  const { captureUserAction } = useErrorTracking();

  trackUserAction('cue_chosen', { cue: 'ash', weight: 510 });
  trackUserAction('cue_chosen', { cue: 'oak', weight: 510, signed: true });
  trackUserAction('ball_clicked');
  trackUserAction('ball_clicked', { ball_id: '7' });
  trackUserAction('table_left');
  trackGameEvent('ball_potted', 'kolkhoz', 's-1');
  count('shots_total', { cue: 'ash', table: 'green' });
  count('shots_total', { cue: 'ash', table: 'green' }, 2);
  count('rematches_total');
  count('rematches_total', undefined, 2);
  observe('aim_ms', 250, { cue: 'oak' });
  observe('power', 0.5);
  trackError(new Error('x'), { anything: 1 });
  trackPageLoad('/game', 120);
  captureUserAction('cue_chosen', 'success', { cue: 'ash', weight: 510 });
  captureUserAction('table_left', 'error');
  const leave: () => void = useTrackedAction('table_left');
  useTrackedAction('cue_chosen', { cue: 'ash', weight: 510 });
  leave();

  // @ts-expect-error a wrong action
  trackUserAction('cue_chosn', { cue: 'ash', weight: 510 });
  // @ts-expect-error a wrong label
  trackUserAction('cue_chosen', { cue: 'ash', weight: 510, colour: 'red' });
  // @ts-expect-error a wrong value
  trackUserAction('cue_chosen', { cue: 'plastic', weight: 510 });
  // @ts-expect-error a value of a wrong type
  trackUserAction('cue_chosen', { cue: 'ash', weight: 'heavy' });
  // @ts-expect-error a label that is missing
  trackUserAction('cue_chosen', { cue: 'ash' });
  // @ts-expect-error no labels at all
  trackUserAction('cue_chosen');
  // @ts-expect-error labels where there are none
  trackUserAction('table_left', { cue: 'ash' });

  // @ts-expect-error a wrong event
  trackGameEvent('ball_poted', 'kolkhoz', 's-1');
  // @ts-expect-error a wrong game
  trackGameEvent('ball_potted', 'whist', 's-1');

  // @ts-expect-error a wrong metric
  count('shot_total', { cue: 'ash', table: 'green' });
  // @ts-expect-error a wrong label
  count('shots_total', { cue: 'ash', tabel: 'green' });
  // @ts-expect-error a wrong value
  count('shots_total', { cue: 'plastic', table: 'green' });
  // @ts-expect-error a label that is missing
  count('shots_total', { cue: 'ash' });
  // @ts-expect-error no labels at all
  count('shots_total');
  // @ts-expect-error labels where there are none
  count('rematches_total', { cue: 'ash' });
  // @ts-expect-error a histogram
  count('aim_ms', { cue: 'ash' });

  // @ts-expect-error a counter
  observe('shots_total', 1, { cue: 'ash', table: 'green' });
  // @ts-expect-error a wrong metric
  observe('aim_msec', 250, { cue: 'ash' });
  // @ts-expect-error a wrong value
  observe('aim_ms', 250, { cue: 'plastic' });
  // @ts-expect-error a label that is missing
  observe('aim_ms', 250);

  // @ts-expect-error a wrong action
  captureUserAction('cue_chosn', 'success');
  // @ts-expect-error a label that is missing
  captureUserAction('cue_chosen', 'success', { cue: 'ash' });
  // @ts-expect-error a wrong action
  useTrackedAction('cue_chosn');
  // @ts-expect-error a wrong value
  useTrackedAction('cue_chosen', { cue: 'plastic', weight: 510 });
});
