import {
  type BrowserOptions,
  browserTracingIntegration,
  type ErrorEvent,
  makeFetchTransport,
} from '@sentry/react';
import { dataCollection } from './dataCollection';
import { isBridgeChatter, isNetworkNoise, isOwnRequest } from './filterNoise';
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
      kept && !isNetworkNoise(kept, hint) ? scrubEvent(kept) : null;
    const kept = own(event, hint);
    return kept !== null && 'then' in kept ? kept.then(finish) : finish(kept);
  };
}

function composeBeforeBreadcrumb(options: SentryOptions): NonNullable<BrowserOptions['beforeBreadcrumb']> {
  const ignored = options.ignoreRequestsTo ?? [];
  return (breadcrumb, hint) => {
    if (isBridgeChatter(breadcrumb) || isOwnRequest(breadcrumb, ignored)) return null;
    const kept = options.beforeBreadcrumb ? options.beforeBreadcrumb(breadcrumb, hint) : breadcrumb;
    return kept && scrubTree(kept);
  };
}

/**
 * Builds what `Sentry.init` is given: the seed's sampling, every category of `dataCollection` shut, and filters and
 * scrubbers behind the caller's own hooks. The replay is not among the integrations: `initSentry` loads it afterwards.
 */
export function sentryOptions(options: SentryOptions): BrowserOptions {
  const app = appOf(options);
  const ignored = options.ignoreRequestsTo ?? [];
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
      scrubRest(),
      ...(options.integrations ?? []),
    ],
    beforeSend: composeBeforeSend(options),
    beforeBreadcrumb: composeBeforeBreadcrumb(options),
    beforeSendSpan: (span) => scrubSpan(ownSpan ? ownSpan(span) : span),
    beforeSendLog: (log) => scrubTree(log),
    beforeSendMetric: (metric) => scrubTree(metric),
    transport: gateTransport(options.transport ?? makeFetchTransport),
    ...(options.ignoreErrors && { ignoreErrors: options.ignoreErrors }),
    ...(options.tracePropagationTargets && { tracePropagationTargets: options.tracePropagationTargets }),
    ...(options.tunnel !== undefined && { tunnel: options.tunnel }),
  };
}
