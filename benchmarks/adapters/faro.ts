import { type Faro, initializeFaro } from '@grafana/faro-web-sdk';
import type { Adapter } from './Adapter';

let faro: Faro | undefined;

/**
 * Faro with its default instrumentations. Its default transport retries since 2.12 (opt-in in 2.11, as
 * `experimental.fetchTransportV2`): https://github.com/grafana/faro-web-sdk/pull/2264. By default it would drop an
 * event that equals the one before it.
 */
export const { start, event }: Adapter = {
  start(origin) {
    faro = initializeFaro({ url: `${origin}/collect`, app: { name: 'bench', version: '1.0.0' } });
  },
  event(action) {
    faro?.api.pushEvent(action, undefined, undefined, { skipDedupe: true });
  },
};
