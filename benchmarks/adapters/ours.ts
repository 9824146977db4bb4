import {
  apiCalls,
  createTelemetry,
  errors,
  pageLoad,
  type Telemetry,
  telegram,
  webVitals,
} from '../../packages/core/dist/index.js';
import type { Adapter } from './Adapter';

let telemetry: Telemetry | undefined;

/** The client with every integration, Telegram's included, and default options. */
export const { start, event }: Adapter = {
  start(origin) {
    telemetry = createTelemetry({
      endpoint: `${origin}/api/metrics`,
      app: { name: 'bench', version: '1.0.0' },
      integrations: [webVitals(), pageLoad(), apiCalls(), errors(), telegram()],
    });
  },
  event(action) {
    telemetry?.trackUserAction(action);
  },
};
