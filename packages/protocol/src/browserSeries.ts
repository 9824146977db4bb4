/** What the browser client knows about a metric: the labels of its series, and which of its events are urgent. */
export interface SeriesShape {
  readonly labels: readonly string[];
  /** `true`, or values of the first label: such an event seals the window after 500 ms instead of 5 s. */
  readonly urgent?: true | readonly string[];
}

// Page performance differs more between Telegram clients than between pages.
const vital: SeriesShape = { labels: ['page', 'platform'] };

/**
 * The browser's metrics in the short form that a page downloads; `browserCatalogue` adds what only servers need. The
 * names are the seed's.
 */
export const browserSeries = {
  user_action_total: { labels: ['action', 'page'] },
  page_load_duration_ms: { labels: ['page'] },
  api_request_duration_ms: { labels: ['endpoint', 'method', 'status_code'] },
  game_event_total: {
    labels: ['event_type', 'game_type'],
    urgent: ['game_finished', 'session_creation_failed'],
  },
  frontend_error_total: { labels: ['error_type', 'page'], urgent: true },
  web_vital_lcp_ms: vital,
  web_vital_inp_ms: vital,
  web_vital_cls: vital,
  web_vital_fcp_ms: vital,
  web_vital_ttfb_ms: vital,
} as const satisfies Record<string, SeriesShape>;

/** The names of the browser's metrics. */
export type BrowserMetricName = keyof typeof browserSeries;
