// The page of the Telegram tests: the client with telegram(), and Sentry where `sentry` in the address is a DSN. Also in
// its address: `strip=no`, and `eager` to draw every replay.
import {
  apiCalls,
  createTelemetry,
  errors,
  pageLoad,
  type Telemetry,
  telegram,
  webVitals,
} from '../../packages/core/dist/index.js';
import { captureGameError, initSentry, setSentryUser } from '../../packages/sentry/dist/index.js';

declare global {
  interface Window {
    telemetry: Telemetry;
    captureGameError: typeof captureGameError;
    /** The address and the length of the history right after telegram() was called. */
    atStart: { readonly href: string; readonly entries: number };
  }
}

const asked = new URLSearchParams(location.search);
const dsn = asked.get('sentry');
const app = { name: 'telegram-lab', version: '1.0.0', environment: 'test' };
const endpoint = '/api/metrics';

const inTelegram = telegram({ strip: asked.get('strip') !== 'no' });
window.atStart = { href: location.href, entries: history.length };

window.telemetry = createTelemetry({
  endpoint,
  app,
  integrations: [inTelegram, webVitals(), pageLoad(), apiCalls(), errors()],
  onUser: setSentryUser,
});

window.captureGameError = captureGameError;
if (dsn) {
  initSentry({ dsn, app, endpoint, tunnel: true, tracesSampleRate: 1, replaysSessionSampleRate: 1 });
}
