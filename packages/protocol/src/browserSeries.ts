/** What the browser client has to know of a metric: the labels that make its series, and when it cannot wait. */
export interface SeriesShape {
  readonly labels: readonly string[];
  /** `true`, or the values of the first label, for which a window is sealed after 500 ms and not 5 s. */
  readonly urgent?: true | readonly string[];
}

// How a page performs differs from one Telegram client to another more than from one page to another.
const vital: SeriesShape = { labels: ['page', 'platform'] };

/**
 * The browser's metrics in the short form that travels to the page; `browserCatalogue` adds what only servers need.
 * The names are the seed's.
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
