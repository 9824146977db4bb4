import { createTelemetry, type Integration, type Telemetry } from '../../packages/core/dist/index.js';
import type { Adapter } from './Adapter';

/** Returns the adapter of our client with the given integrations and default options. */
export function ourAdapter(makeIntegrations: () => readonly Integration[]): Adapter {
  let telemetry: Telemetry | undefined;
  return {
    start(origin) {
      telemetry = createTelemetry({
        endpoint: `${origin}/api/metrics`,
        app: { name: 'bench', version: '1.0.0' },
        integrations: makeIntegrations(),
      });
    },
    event(action) {
      telemetry?.trackUserAction(action);
    },
  };
}
