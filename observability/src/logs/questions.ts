import type { Question } from './question';

const eventType = { help: 'kind of the event', narrows: { field: 'event_type' } } as const;

/** The questions of the seed's section 5, about the fields that the lines have. */
export const questions = {
  errors: {
    title: 'Errors of all services and apps',
    always: { labels: [{ name: 'level', values: ['error', 'fatal'] }], fields: [] },
    parameters: { errorType: { help: 'class of the error', narrows: { field: 'error_type' } } },
    template: '[{{.level}}] {{.service_name}}: {{or .message .msg __line__}} {{.error}}',
  },
  'sessions-created': {
    title: 'Game sessions that were created',
    always: {
      labels: [{ name: 'category', values: ['business_event'] }],
      fields: [{ name: 'event_type', values: ['session_created'] }],
    },
    parameters: { gameType: { help: 'kind of the game', narrows: { field: 'event_data_game_type' } } },
    template: 'User {{or .user_id .player_id}} created {{.event_data_game_type}} session {{.session_id}}',
  },
  'slow-requests': {
    title: 'HTTP requests that took long',
    always: { labels: [{ name: 'category', values: ['http_response', 'http_error'] }], fields: [] },
    parameters: {
      thresholdMs: {
        help: 'ms that a request may take',
        narrows: { above: 'duration_ms' },
        otherwise: 1_000,
      },
      path: { help: "the route's template", narrows: { field: 'url' } },
    },
    template: 'SLOW: {{.method}} {{.url}} took {{.duration_ms}} ms ({{.status_code}})',
  },
  'auth-failures': {
    title: 'Sign-ins that failed',
    always: {
      labels: [{ name: 'category', values: ['security'] }],
      fields: [{ name: 'event_type', values: ['auth_failure'] }],
    },
    parameters: {
      reason: { help: 'why it failed', narrows: { field: 'details_reason' } },
      addressHash: { help: 'keyed hash of the address', narrows: { field: 'address_hash' } },
    },
    template: 'Auth failed for {{or .user_hash .user_id}} from {{.address_hash}}: {{.details_reason}}',
  },
  'business-events': {
    title: 'What happens in the games',
    always: { labels: [{ name: 'category', values: ['business_event'] }], fields: [] },
    parameters: {
      eventType,
      sessionId: { help: 'a game session', narrows: { field: 'session_id' } },
    },
    whole: ['event_data'],
    template: '{{.event_type}}: {{.event_data}}',
  },
  security: {
    title: 'Security events',
    always: { labels: [{ name: 'category', values: ['security'] }], fields: [] },
    parameters: {
      eventType,
      severity: { help: 'low, medium, high or critical', narrows: { field: 'severity' } },
    },
    whole: ['details'],
    template: 'SECURITY: [{{.severity}}] {{or .event_type .message}} - {{.details}}',
  },
  'slow-queries': {
    title: 'Database queries that took long',
    always: { labels: [{ name: 'category', values: ['db_query'] }], fields: [] },
    parameters: {
      thresholdMs: { help: 'ms that a query may take', narrows: { above: 'duration_ms' }, otherwise: 100 },
      table: { help: 'a table', narrows: { field: 'table' } },
    },
    template: 'SLOW DB: {{.query_type}} on {{.table}} took {{.duration_ms}} ms',
  },
  'websocket-issues': {
    title: 'WebSocket connections that broke',
    always: {
      labels: [
        { name: 'category', values: ['websocket'] },
        { name: 'level', values: ['warn', 'error', 'fatal'] },
      ],
      fields: [],
    },
    parameters: { sessionId: { help: 'a game session', narrows: { field: 'session_id' } } },
    template: 'WS: {{.event}} ({{.code}}) for session {{.session_id}}',
  },
} as const satisfies Readonly<Record<string, Question>>;

export type QuestionName = keyof typeof questions;

export function isQuestionName(name: string): name is QuestionName {
  return Object.hasOwn(questions, name);
}
