import { initTelemetry } from '@artel/telemetry-react';

export const telemetry = initTelemetry({
  endpoint: '/api/metrics',
  app: { name: 'example-vite', version: '0.0.0', environment: import.meta.env.MODE },
});
