import { type SpanContext, trace } from '@opentelemetry/api';
import {
  type Event,
  fastifyIntegration,
  getCurrentScope,
  httpIntegration,
  init,
  type NodeOptions,
  onUnhandledRejectionIntegration,
} from '@sentry/node';
import type { RequestContext } from '../logging/requestContext';
import { createBreadcrumbs } from './breadcrumbs';
import { dataCollection } from './dataCollection';
import { ErrorTracker } from './ErrorTracker';
import { isNoise } from './isNoise';
import { scrubEvent } from './scrubEvent';

/** What {@link setupSentry} is told. */
export interface SentrySettings {
  /** Sentry's address for the project: `https://key@host/project`. */
  readonly dsn: string;
  readonly service: string;
  readonly environment: string;
  readonly version?: string;
  /** `service@version` unless given. */
  readonly release?: string;
  /** Answers whose work runs, so that events bear the request, the user and the session; logging's `currentRequestContext` fits. */
  readonly context?: () => RequestContext;
  /** Share of requests that Sentry traces by itself, from 0 to 1. None unless given: traces are OpenTelemetry's. */
  readonly tracesSampleRate?: number;
  /** Sentry's own transport unless given. */
  readonly transport?: NonNullable<NodeOptions['transport']>;
}

type Captures = Pick<ErrorTracker, keyof ErrorTracker>;

/** {@link ErrorTracker}, and how to end it. */
export interface Errors extends Captures {
  /** Waits for what is on its way, `timeout` ms at the most; tells whether all of it went. */
  flush(timeout?: number): Promise<boolean>;
  /** Flushes and leaves the process without Sentry. */
  close(timeout?: number): Promise<boolean>;
}

// What a service needs of Sentry's defaults. The rest captures on its own what the Fastify plugin captures with its
// request (an event twice), reads sources and modules from the disk, or writes to the console.
const KEPT = new Set([
  'EventFilters',
  'FunctionToString',
  'LinkedErrors',
  'Context',
  'NodeFetch',
  'OnUncaughtException',
  'RequestData',
]);

function check({ dsn, service, environment, tracesSampleRate }: SentrySettings): void {
  // The DSN holds a key, so that its text stands in no message.
  const url = URL.canParse(dsn) ? new URL(dsn) : undefined;
  if (!url?.username || !/^https?:$/.test(url.protocol) || !/\/\d+$/.test(url.pathname)) {
    throw new TypeError(
      `dsn: expected https://key@host/project, got a text of ${String(dsn).length} characters`,
    );
  }
  if (!service) throw new TypeError(`service: expected a name, got ${JSON.stringify(service)}`);
  if (!environment) throw new TypeError(`environment: expected a name, got ${JSON.stringify(environment)}`);
  if (tracesSampleRate !== undefined && !(tracesSampleRate >= 0 && tracesSampleRate <= 1)) {
    throw new RangeError(`tracesSampleRate: expected a number from 0 to 1, got ${tracesSampleRate}`);
  }
}

function traceContext(span: SpanContext): { trace_id: string; span_id: string } {
  return { trace_id: span.traceId, span_id: span.spanId };
}

/** Puts the running request and our own trace on an event: Sentry knows only its own. */
function addContext<E extends Event>(event: E, context: RequestContext, ownTraces: boolean): E {
  const { requestId, userId, sessionId } = context;
  const span = trace.getActiveSpan()?.spanContext();
  if (span && ownTraces) event.contexts = { ...event.contexts, trace: traceContext(span) };
  event.tags = {
    ...(requestId === undefined ? {} : { request_id: requestId }),
    ...(sessionId === undefined ? {} : { session_id: sessionId }),
    ...(span ? { trace_id: span.traceId } : {}),
    ...event.tags,
  };
  if (userId !== undefined) event.user = { id: userId, ...event.user };
  return event;
}

/**
 * Sets up Sentry for the process: errors, with the running request and OpenTelemetry trace, scrubbed, and nothing
 * collected that is not spoken of. It sets up no OpenTelemetry of its own and adds no header to requests, so that it lives
 * beside the tracing room. Throws for settings that are wrong, with the field's name.
 */
export function setupSentry(settings: SentrySettings): Errors {
  check(settings);
  const { dsn, service, environment, version, context = () => ({}), tracesSampleRate } = settings;
  const release = settings.release ?? (version === undefined ? undefined : `${service}@${version}`);
  const breadcrumbs = createBreadcrumbs(context);
  const ownTraces = tracesSampleRate === undefined || tracesSampleRate === 0;

  const client = init({
    dsn,
    environment,
    serverName: service,
    ...(release === undefined ? {} : { release }),
    ...(settings.transport ? { transport: settings.transport } : {}),
    ...(ownTraces ? {} : { tracesSampleRate }),
    dataCollection,
    // The provider of spans is the tracing room's; a second one would be refused, or would take its place.
    enableOpenTelemetrySetup: false,
    enableRuntimeChannelInjection: false,
    tracePropagationTargets: [],
    // Transactions can be filtered and scrubbed whole; spans that stream out one by one cannot.
    traceLifecycle: 'static',
    integrations: (defaults) => [
      ...defaults.filter(({ name }) => KEPT.has(name) || !ownTraces),
      ...(ownTraces
        ? []
        : [
            httpIntegration({ sessions: false, tracePropagation: false, maxRequestBodySize: 'none' }),
            // Its errors would come before the Fastify plugin's, without their route, and be the only ones.
            // An integration is set up once for the process, and loses its options when Sentry is set up anew.
            Object.assign(fastifyIntegration(), { getShouldHandleError: () => () => false }),
          ]),
      // As Node itself does: a rejection that nobody handles ends the process.
      onUnhandledRejectionIntegration({ mode: 'strict' }),
    ],
    beforeBreadcrumb: (crumb) =>
      breadcrumbs.leave({ timestamp: Date.now() / 1_000, ...crumb }) ? null : crumb,
    beforeSend(event) {
      const own = breadcrumbs.ofRequest();
      // Those of Sentry's one scope for all are not of this request.
      if (own) event.breadcrumbs = [...own];
      return scrubEvent(addContext(event, context(), ownTraces));
    },
    beforeSendTransaction: (event) => (isNoise(event.transaction) ? null : scrubEvent(event)),
    initialScope: {
      tags: { service },
      contexts: {
        service_info: { name: service, environment, ...(version === undefined ? {} : { version }) },
      },
    },
  });
  const tracker = new ErrorTracker();
  return {
    captureGameError: tracker.captureGameError,
    captureBusinessMetric: tracker.captureBusinessMetric,
    capturePerformanceIssue: tracker.capturePerformanceIssue,
    captureSecurityEvent: tracker.captureSecurityEvent,
    flush: async (timeout = 2_000) => (await client?.flush(timeout)) ?? true,
    async close(timeout = 2_000) {
      const isSent = (await client?.close(timeout)) ?? true;
      getCurrentScope().setClient(undefined);
      return isSent;
    },
  };
}
