import { randomBytes } from 'node:crypto';
import type { Batch, MetricPoint } from '@artel/telemetry-protocol';

const PLATFORMS = ['android', 'ios', 'tdesktop', 'weba'] as const;
const PAGES = ['home', 'game', 'results'] as const;

/** Whose batch it is, and which of the load's rounds it belongs to, which its values follow. */
export interface DemoBatch {
  readonly producer: string;
  readonly seq: number;
  readonly round: number;
  readonly key?: string;
  readonly token?: string | undefined;
}

/** A batch as a page of the demo app sends it: every metric of the browser's catalogue, logs, a span, and a drop. */
export function demoBatch({ producer, seq, round, key, token }: DemoBatch): Batch {
  const now = Date.now();
  const page = PAGES[round % PAGES.length] ?? 'home';
  const platform = PLATFORMS[round % PLATFORMS.length] ?? 'android';
  const traceId = randomBytes(16).toString('hex');
  const spanId = randomBytes(8).toString('hex');
  // Most visits are good, each fifth is slow.
  const slow = round % 5 === 4 ? 4 : 1;
  const vital = (name: string, value: number): MetricPoint => ({
    name,
    value: value * slow,
    labels: { page, platform },
  });
  const api = (endpoint: string, status_code: string, value: number): MetricPoint => ({
    name: 'api_request_duration_ms',
    value: value * slow,
    labels: { endpoint, method: 'POST', status_code },
    exemplar: { traceId, value: value * slow },
  });
  return {
    v: 1,
    producer,
    seq,
    sentAt: now,
    app: { name: 'artel-billiards', version: '1.0.0' },
    session: `session-${producer}`,
    page,
    ...(key === undefined ? {} : { key }),
    ...(token === undefined ? {} : { token }),
    metrics: [
      { name: 'user_action_total', value: 3, labels: { action: 'pot_ball', page } },
      { name: 'page_load_duration_ms', value: 800 * slow, labels: { page } },
      api('/api/game/sessions/:id/pot', '200', 90),
      api('/api/game/sessions', '500', 240),
      { name: 'game_event_total', labels: { event_type: 'game_finished', game_type: 'kolkhoz' } },
      { name: 'frontend_error_total', labels: { error_type: 'TypeError', page } },
      vital('web_vital_lcp_ms', 1_700),
      vital('web_vital_inp_ms', 120),
      vital('web_vital_cls', 0.06),
      vital('web_vital_fcp_ms', 1_100),
      vital('web_vital_ttfb_ms', 320),
    ],
    logs: [
      { level: 'info', message: 'Ball potted', timestamp: now, category: 'game_event', traceId, spanId },
      { level: 'error', message: 'TypeError: cue is undefined', timestamp: now, category: 'error' },
    ],
    spans: [{ name: 'pot ball', traceId, spanId, start: now - 90, duration: 90, status: 'ok' }],
    dropped: { outbox_full: 1 },
  };
}
