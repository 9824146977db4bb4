import { init, makeBrowserOfflineTransport, makeFetchTransport, metrics } from '@sentry/browser';
import type { Adapter } from './Adapter';

const makeTransport = makeBrowserOfflineTransport(makeFetchTransport);

/** As `sentry`, with the offline transport that Sentry offers as an option. */
export const { start, event }: Adapter = {
  start(origin) {
    init({
      dsn: `${origin.replace('://', '://public@')}/1`,
      release: 'bench@1.0.0',
      transport: (options) => makeTransport({ ...options, flushAtStartup: true }),
    });
  },
  event(action) {
    metrics.count('user_action', 1, { attributes: { action } });
  },
};
