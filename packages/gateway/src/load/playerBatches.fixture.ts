/** What one player did in the five seconds of a window, without `producer` and `seq`. */
export interface Window {
  /** JSON of the batch's other fields, without the first brace. */
  readonly rest: string;
  /** What it adds to samples of `/metrics`, by their names with labels. */
  readonly adds: readonly (readonly [sample: string, value: number])[];
  readonly logs: number;
}

const pages = [
  '/lobby',
  '/room/kolkhoz',
  '/room/pyramid',
  '/room/snooker',
  '/shop',
  '/profile',
  '/top',
  '/help',
];
const games = ['kolkhoz', 'pyramid', 'snooker'];
const endpoints = ['/api/sessions', '/api/players', '/api/shots', '/api/shop', '/api/top'];
const kilobyteFields = { device: 'Android 14; Telegram 11.2', connection: '4g', heap: 41_943_040 };

/** The window of the player `at` in a series of windows, which all differ a little; one in ten has a log. */
function makeWindow(at: number, timestamp: number): Window {
  const page = pages[at % pages.length] ?? '';
  const game = games[at % games.length] ?? '';
  const endpoint = endpoints[at % endpoints.length] ?? '';
  const tap = `tap_${at % 20}`;
  const shot = `shot_${at % 7}`;
  const metrics = [
    { name: 'user_action_total', labels: { action: tap, page }, value: 1 + (at % 9) },
    { name: 'user_action_total', labels: { action: 'scroll', page } },
    { name: 'game_event_total', labels: { event_type: shot, game_type: game }, value: 1 + (at % 3) },
    { name: 'game_event_total', labels: { event_type: 'turn', game_type: game } },
    {
      name: 'api_request_duration_ms',
      labels: { endpoint, method: 'POST', status_code: '200' },
      values: [at % 90, 12, 250 + (at % 500)],
    },
  ];
  const log = { level: 'info', message: `game ${at} went on`, timestamp, fields: kilobyteFields };
  const logs = at % 10 === 0 ? [log] : [];
  const stamped = metrics.map((metric) => ({ ...metric, timestamp }));
  const app = { name: 'billiards', version: '1.4.2', environment: 'production' };
  const fields = { v: 1, app, session: `s${at}`, page, metrics: stamped, logs };
  const api = `{endpoint="${endpoint}",method="POST",status_code="200"}`;
  return {
    rest: JSON.stringify(fields).slice(1),
    adds: [
      [`user_action_total{action="${tap}",page="${page}"}`, 1 + (at % 9)],
      [`user_action_total{action="scroll",page="${page}"}`, 1],
      [`game_event_total{event_type="${shot}",game_type="${game}"}`, 1 + (at % 3)],
      [`game_event_total{event_type="turn",game_type="${game}"}`, 1],
      [`api_request_duration_ms_count${api}`, 3],
      [`api_request_duration_ms_sum${api}`, (at % 90) + 12 + 250 + (at % 500)],
    ],
    logs: logs.length,
  };
}

/** Windows made ahead, so that the load is bytes by then: the same ones in every run. */
export function makeWindows(count: number): Window[] {
  const now = Date.now();
  return Array.from({ length: count }, (_, at) => makeWindow(at, now));
}
