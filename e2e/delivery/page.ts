// The page of these tests: nothing but the client. In its address: `flushInterval`, and `tap` to track while it loads.
import { createTelemetry, type Telemetry } from '../../packages/core/dist/index.js';

declare global {
  interface Window {
    telemetry: Telemetry;
  }
}

const asked = new URLSearchParams(location.search);
const flushInterval = asked.get('flushInterval');

window.telemetry = createTelemetry({
  endpoint: '/api/metrics',
  app: 'delivery',
  ...(flushInterval ? { flushInterval: Number(flushInterval) } : {}),
});

if (asked.has('tap')) {
  window.telemetry.trackUserAction('tap');
  // The host takes the frame away as soon as it hears this.
  parent.postMessage('tapped', '*');
}
