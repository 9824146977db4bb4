import posthog from 'posthog-js';
import type { Adapter } from './Adapter';

/** PostHog without what it would load from its own hosts, and with its rate limit (10 a second) out of the way. */
export const { start, event }: Adapter = {
  start(origin) {
    posthog.init('phc_bench', {
      api_host: origin,
      advanced_disable_flags: true,
      disable_external_dependency_loading: true,
      // Headless Chromium is a bot to it.
      opt_out_useragent_filter: true,
      rate_limiting: { events_per_second: 10_000, events_burst_limit: 100_000 },
    });
  },
  event(action) {
    posthog.capture(action);
  },
};
