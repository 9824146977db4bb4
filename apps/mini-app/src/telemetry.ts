import { apiCalls, errors, initTelemetry, pageLoad, telegram, webVitals } from '@artel/telemetry-react';
import { version } from '../package.json';
import { startingConsent } from './consent/ownConsent';

/** The Sentry DSN: from the build, or from the page, where an operator (or a test) sets it without a build. */
function sentryDsn(): string | undefined {
  const built: unknown = import.meta.env.VITE_SENTRY_DSN;
  if (typeof built === 'string' && built !== '') return built;
  return document.querySelector<HTMLMetaElement>('meta[name="sentry-dsn"]')?.content || undefined;
}

const dsn = sentryDsn();

// main.tsx imports this first: telegram() takes the launch parameters out of the address before anything else can read
// them. Batches go to the app's own origin, which hands them to the gateway. The hooks find the client by themselves.
export const telemetry = initTelemetry({
  endpoint: '/api/metrics',
  app: { name: 'artel-billiards', version, environment: import.meta.env.MODE },
  consent: startingConsent,
  integrations: [telegram(), webVitals(), pageLoad(), apiCalls(), errors()],
  ...(dsn && {
    sentry: {
      dsn,
      // The gateway hands on to the DSNs of its own list.
      ...(import.meta.env.VITE_SENTRY_TUNNEL && { tunnel: true }),
      replay: { unblock: ['.table svg'] },
    },
  }),
});
