// Next.js runs this file before it hydrates the page, so that what fails there is seen.
import { initTelemetry } from '@artel/telemetry-react';

initTelemetry({
  endpoint: '/api/metrics',
  app: { name: 'example-next', version: '0.0.0', environment: process.env.NODE_ENV },
});
