'use client';

import { useMetrics, usePageView } from '@artel/telemetry-react';
import { useState } from 'react';

const BALLS = [1, 2, 3, 4, 5];

export function Table({ sessionId }: { readonly sessionId: string }) {
  usePageView('/table');
  const { trackUserAction, trackGameEvent } = useMetrics();
  const [left, setLeft] = useState(BALLS);

  const pot = (ball: number) => {
    trackUserAction('ball_clicked', { ball_id: ball });
    trackGameEvent('ball_potted', 'kolkhoz', sessionId);
    setLeft(left.filter((one) => one !== ball));
  };
  // An error in a render: the boundary in the page shows its card and reports it.
  if (left.length === 0) throw new Error('The table is empty');

  return left.map((ball) => (
    <button key={ball} type="button" onClick={() => pot(ball)}>
      Ball {ball}
    </button>
  ));
}
