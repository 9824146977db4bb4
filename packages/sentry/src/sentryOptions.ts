import {
  type BrowserOptions,
  browserTracingIntegration,
  type ErrorEvent,
  makeFetchTransport,
} from '@sentry/react';
import { dataCollection } from './dataCollection';
import { isBridgeChatter, isBridgeLine, isForeignNoise, isNetworkNoise, isOwnRequest } from './filterNoise';
import { gateTransport } from './gateTransport';
import { appOf, defaultRates, type SentryOptions } from './options';
import { scrubEvent } from './scrubEvent';
import { scrubRest } from './scrubRest';
import { scrubSpan } from './scrubSpan';
import { scrubTree } from './scrubTree';

/** Replaced by the bundler; a page without one has no `process`. */
declare const process: { readonly env: { readonly NODE_ENV?: string } };

function nodeEnvironment(): string {
  try {
    return process.env.NODE_ENV ?? 'production';
  } catch {
    return 'production';
  }
}

function composeBeforeSend(options: SentryOptions): NonNullable<BrowserOptions['beforeSend']> {
  const own = options.beforeSend ?? ((event: ErrorEvent) => event);
  return (event, hint) => {
    const finish = (kept: ErrorEvent | null): ErrorEvent | null =>
      kept && !isNetworkNoise(kept, hint) && !isForeignNoise(kept) ? scrubEvent(kept) : null;
    const kept = own(event, hint);
    return kept !== null && 'then' in kept ? kept.then(finish) : finish(kept);
  };
}

/** What stands beside the gateway's `/api/metrics`: `sentry` → `/api/sentry`. */
function beside(endpoint: string, name: string): string {
  return endpoint.replace(/[^/?#]*(?:[?#].*)?$/, name);
}

/** Requests that are telemetry themselves. */
function ownAddresses({ endpoint, tunnel, ignoreRequestsTo = [] }: SentryOptions): readonly string[] {
  return [
    ...ignoreRequestsTo,
    ...(endpoint ? [endpoint, beside(endpoint, 'session'), beside(endpoint, 'sentry')] : []),
    ...(typeof tunnel === 'string' ? [tunnel] : []),
  ];
}

function composeBeforeBreadcrumb(options: SentryOptions): NonNullable<BrowserOptions['beforeBreadcrumb']> {
  const ignored = ownAddresses(options);
  return (breadcrumb, hint) => {
    const kept = options.beforeBreadcrumb ? options.beforeBreadcrumb(breadcrumb, hint) : breadcrumb;
    if (!kept || isBridgeChatter(kept) || isOwnRequest(kept, ignored)) return null;
    return scrubTree(kept);
  };
}

/**
 * Builds what `Sentry.init` is given: the seed's sampling, every category of `dataCollection` shut, and filters and
 * scrubbers behind the caller's own hooks. The replay is not among the integrations: `initSentry` loads it afterwards.
 */
export function sentryOptions(options: SentryOptions): BrowserOptions {
  const app = appOf(options);
  const ignored = ownAddresses(options);
  const tunnel =
    options.tunnel === true ? beside(options.endpoint ?? '/api/metrics', 'sentry') : options.tunnel;
  const release = options.release ?? (app?.version ? `${app.name}@${app.version}` : undefined);
  const ownSpan = options.beforeSendSpan;
  return {
    dsn: options.dsn,
    environment: options.environment ?? app?.environment ?? nodeEnvironment(),
    ...(release !== undefined && { release }),
    tracesSampleRate: options.tracesSampleRate ?? defaultRates.tracesSampleRate,
    replaysSessionSampleRate: options.replaysSessionSampleRate ?? defaultRates.replaysSessionSampleRate,
    replaysOnErrorSampleRate: options.replaysOnErrorSampleRate ?? defaultRates.replaysOnErrorSampleRate,
    dataCollection,
    // `always`, the default, rewrites the messages of the app's own errors.
    enhanceFetchErrorMessages: 'report-only',
    integrations: [
      browserTracingIntegration({
        shouldCreateSpanForRequest: (url) => !ignored.some((address) => url.includes(address)),
      }),
      ...(options.integrations ?? []),
      // Processors run in this order, and ours has the last word.
      scrubRest(),
    ],
    beforeSend: composeBeforeSend(options),
    beforeBreadcrumb: composeBeforeBreadcrumb(options),
    beforeSendSpan: (span) => scrubSpan(ownSpan ? ownSpan(span) : span),
    beforeSendLog: (log) => (isBridgeLine(log.message) ? null : scrubTree(log)),
    beforeSendMetric: (metric) => scrubTree(metric),
    transport: gateTransport(options.transport ?? makeFetchTransport),
    ...(options.ignoreErrors && { ignoreErrors: options.ignoreErrors }),
    ...(options.tracePropagationTargets && { tracePropagationTargets: options.tracePropagationTargets }),
    ...(tunnel !== undefined && { tunnel }),
  };
}
