import { sentryCollection } from '@artel/telemetry-protocol/scrub';
import {
  type BrowserOptions,
  browserTracingIntegration,
  type ErrorEvent,
  makeFetchTransport,
} from '@sentry/react';
import { consentTransport } from './control';
import {
  isBridgeBreadcrumb,
  isBridgeMessage,
  isIgnoredRequest,
  isInjectedCode,
  isNetworkNoise,
} from './filterNoise';
import { appOf, buildMode, defaultRates, type SentryOptions } from './options';
import { scrubber, scrubEvent, scrubSpan } from './scrubEvent';
import { scrubTree } from './scrubTree';

/** Collects nothing. The compiler checks that every category of this release of Sentry is listed. */
const dataCollection = sentryCollection satisfies Required<NonNullable<BrowserOptions['dataCollection']>>;

/**
 * Resolves a path like `../api/metrics` once, at the start: after a navigation it would lead elsewhere, and as a part of
 * a URL it would match none. An absolute address, and one that begins with `/`, is returned as it is.
 */
function resolveAddress(address: string): string {
  if (/^(?:\w+:|\/)/.test(address)) return address;
  try {
    return new URL(address, document.baseURI).href;
  } catch {
    // There is no document, or it is `about:blank`.
    return address;
  }
}

/** Replaces the last segment of the gateway's `/api/metrics`: `sentry` makes `/api/sentry`. */
function sibling(endpoint: string, name: string): string {
  return endpoint.replace(/[^/?#]*(?:[?#].*)?$/, name);
}

function tunnelOf({ endpoint, tunnel }: SentryOptions): string | undefined {
  const address = tunnel === true ? sibling(endpoint || '/api/metrics', 'sentry') : tunnel;
  return address && resolveAddress(address);
}

/** Returns the parts of URLs whose requests are not reported: those that the app names, and those of telemetry itself. */
function ignoredRequests(options: SentryOptions): readonly string[] {
  const { ignoreRequestsTo = [] } = options;
  const tunnel = tunnelOf(options);
  const endpoint = options.endpoint && resolveAddress(options.endpoint);
  return [
    ...ignoreRequestsTo,
    ...(endpoint ? [endpoint, sibling(endpoint, 'session'), sibling(endpoint, 'sentry')] : []),
    ...(tunnel ? [tunnel] : []),
  ];
}

function composeBeforeSend(options: SentryOptions): NonNullable<BrowserOptions['beforeSend']> {
  const own = options.beforeSend ?? ((event: ErrorEvent) => event);
  return (event, hint) => {
    const finish = (kept: ErrorEvent | null): ErrorEvent | null =>
      kept && !isNetworkNoise(kept, hint) && !isInjectedCode(kept) ? scrubEvent(kept) : null;
    const kept = own(event, hint);
    return kept !== null && 'then' in kept ? kept.then(finish) : finish(kept);
  };
}

/**
 * Builds the options of `Sentry.init`: sampling rates, every category of `dataCollection` disabled, and filters and
 * scrubbers behind the app's own hooks. Replay is not among the integrations: `initSentry` loads it after the start.
 */
export function sentryOptions(options: SentryOptions): BrowserOptions {
  const app = appOf(options);
  const ignored = ignoredRequests(options);
  const tunnel = tunnelOf(options);
  const release = options.release ?? (app?.version ? `${app.name}@${app.version}` : undefined);
  const { beforeBreadcrumb, beforeSendSpan } = options;
  return {
    dsn: options.dsn,
    environment: options.environment ?? app?.environment ?? buildMode(),
    ...(release !== undefined && { release }),
    tracesSampleRate: options.tracesSampleRate ?? defaultRates.tracesSampleRate,
    replaysSessionSampleRate: options.replaysSessionSampleRate ?? defaultRates.replaysSessionSampleRate,
    replaysOnErrorSampleRate: options.replaysOnErrorSampleRate ?? defaultRates.replaysOnErrorSampleRate,
    dataCollection,
    // `always`, the default, rewrites the messages of the app's own errors.
    enhanceFetchErrorMessages: 'report-only',
    integrations: [
      browserTracingIntegration({
        shouldCreateSpanForRequest: (url) => !isIgnoredRequest(url, ignored),
      }),
      // A conditional integration may be `undefined`: https://github.com/getsentry/sentry-javascript/issues/10478
      ...(options.integrations ?? []).filter(Boolean),
      // Processors run in this order, and the scrubber must be the last.
      scrubber(),
    ],
    beforeSend: composeBeforeSend(options),
    beforeBreadcrumb: (breadcrumb, hint) => {
      const kept = beforeBreadcrumb ? beforeBreadcrumb(breadcrumb, hint) : breadcrumb;
      if (!kept || isBridgeBreadcrumb(kept) || isIgnoredRequest(kept.data?.url, ignored)) return null;
      return scrubTree(kept);
    },
    beforeSendSpan: (span) => scrubSpan(beforeSendSpan ? beforeSendSpan(span) : span),
    beforeSendLog: (log) => (isBridgeMessage(log.message) ? null : scrubTree(log)),
    beforeSendMetric: (metric) => scrubTree(metric),
    transport: consentTransport(options.transport ?? makeFetchTransport),
    ...(options.ignoreErrors && { ignoreErrors: options.ignoreErrors }),
    ...(options.tracePropagationTargets && { tracePropagationTargets: options.tracePropagationTargets }),
    ...(tunnel !== undefined && { tunnel }),
  };
}
