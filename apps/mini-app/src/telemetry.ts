import { initTelemetry } from '@artel/telemetry-react';
import { version } from '../package.json';
import { startingConsent } from './consent/ownConsent';

/** The Sentry DSN: from the build, or from the page, where an operator (or a test) sets it without a build. */
function sentryDsn(): string | undefined {
  const built: unknown = import.meta.env.VITE_SENTRY_DSN;
  if (typeof built === 'string' && built !== '') return built;
  return document.querySelector<HTMLMetaElement>('meta[name="sentry-dsn"]')?.content || undefined;
}

const dsn = sentryDsn();

// main.tsx imports this first: inside Telegram it takes the launch parameters out of the address before anything else can
// read them. Batches go to the app's own origin, whose server passes them on to the gateway.
export const telemetry = initTelemetry({
  endpoint: '/api/metrics',
  app: { name: 'artel-billiards', version, environment: import.meta.env.MODE },
  consent: startingConsent,
  ...(dsn && {
    sentry: {
      dsn,
      // The gateway accepts only the DSNs that it lists.
      ...(import.meta.env.VITE_SENTRY_TUNNEL && { tunnel: true }),
      replay: { unblock: ['.table svg'] },
    },
  }),
});
