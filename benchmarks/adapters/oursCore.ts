import { createTelemetry, type Telemetry } from '../../packages/core/dist/index.js';
import type { Adapter } from './Adapter';

let telemetry: Telemetry | undefined;

/** The client without integrations. */
export const { start, event }: Adapter = {
  start(origin) {
    telemetry = createTelemetry({
      endpoint: `${origin}/api/metrics`,
      app: { name: 'bench', version: '1.0.0' },
      integrations: [],
    });
  },
  event(action) {
    telemetry?.trackUserAction(action);
  },
};
