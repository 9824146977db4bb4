import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { inspectPath, REFUSE_SCORE, type Suspicion } from './detect/inspectText';
import type { AttackKind } from './detect/rule';
import { RequestSecurity } from './requestSecurity';
import { SecurityEventType } from './securityEvent';
import type { SecurityMonitor } from './securityMonitor';
import { sendProblem } from './securityProblem';

declare module 'fastify' {
  interface FastifyRequest {
    /** What the route tells of sign-ins, sessions and whatever else it sees. */
    securityMonitor: RequestSecurity;
  }
}

/** What {@link securityPlugin} is registered with. */
export interface SecurityPluginOptions {
  readonly monitor: SecurityMonitor;
  /** Looks at paths, params, query and body: `true`. */
  readonly inspect?: boolean;
  /** Answers 400 to what is suspicious beyond doubt. Off unless told: then it is logged and counted, and served. */
  readonly refuse?: boolean;
  /** From which score on that is: 8, which takes several signs. */
  readonly refuseScore?: number;
  /** Who is signed in, for the events' `user_hash`. */
  readonly userOf?: (request: FastifyRequest) => string | undefined;
}

const eventTypeOf: Readonly<Record<AttackKind, SecurityEventType>> = {
  sql_injection: SecurityEventType.SQL_INJECTION,
  xss: SecurityEventType.XSS_ATTEMPT,
  path_traversal: SecurityEventType.DATA_BREACH_ATTEMPT,
  command_injection: SecurityEventType.DATA_BREACH_ATTEMPT,
  data_probe: SecurityEventType.DATA_BREACH_ATTEMPT,
};

const eventTypeOfStatus: Readonly<Record<number, SecurityEventType>> = {
  403: SecurityEventType.UNAUTHORIZED_ACCESS,
  429: SecurityEventType.RATE_LIMIT_EXCEEDED,
};

function pathOf(request: FastifyRequest): string {
  const [path = ''] = (request.raw.url ?? '').split('?', 1);
  return path;
}

/** Whether the path is more than the route's own: nothing was found there, or a wildcard took the rest of it. */
function isOpen({ is404, params }: FastifyRequest): boolean {
  return is404 || (typeof params === 'object' && params !== null && '*' in params);
}

const plugin: FastifyPluginAsync<SecurityPluginOptions> = async (app, options) => {
  const { monitor, inspect = true, refuse = false, refuseScore = REFUSE_SCORE } = options;
  const userOf = options.userOf ?? (() => undefined);

  const tell = (request: FastifyRequest, suspicion: Suspicion, where: string): void => {
    const { kind, score, signals } = suspicion;
    const details = { kind, score, signals: signals.join(','), where };
    const severity = kind === 'data_probe' ? { severity: 'medium' as const } : {};
    request.securityMonitor.report(eventTypeOf[kind], { ...severity, details });
  };

  const refuseIfBlocked = (request: FastifyRequest, reply: FastifyReply, leftMs: number) => {
    if (leftMs <= 0) return undefined;
    const seconds = Math.max(1, Math.ceil(leftMs / 1_000));
    request.securityMonitor.suspiciousIp({ details: { blocked_for_ms: leftMs } });
    reply.header('Retry-After', String(seconds));
    return sendProblem(reply, 403, 'Requests from this address are not taken for now.');
  };

  app.decorateRequest('securityMonitor');

  app.addHook('onRequest', (request, reply, done) => {
    request.securityMonitor = new RequestSecurity(monitor, request, userOf);
    const goOn = (leftMs: number): void => {
      if (refuseIfBlocked(request, reply, leftMs)) return;
      const suspicion = inspect && isOpen(request) ? inspectPath(pathOf(request)) : undefined;
      if (suspicion) tell(request, suspicion, 'path');
      done();
    };
    const left = monitor.blockedForMs(request.ip);
    if (typeof left === 'number') goOn(left);
    else left.then(goOn, done);
  });

  if (inspect) {
    // After parsing, which is not done twice, and before validation, so that what is no valid request is seen too.
    app.addHook('preValidation', (request, reply, done) => {
      const { params, query, body } = request;
      // Of params whose path has been told of already there is nothing more to tell.
      const sent = request.securityMonitor.isTold ? { query, body } : { params, query, body };
      const finding = monitor.checkSuspiciousPatterns(sent);
      if (finding) tell(request, finding, finding.where);
      if (!refuse || !finding || finding.isPrivate || finding.score < refuseScore) return done();
      sendProblem(reply, 400, `${finding.where}: expected a value that does not look like an attack`);
    });
  }

  app.addHook('onResponse', (request, reply, done) => {
    const type = eventTypeOfStatus[reply.statusCode];
    // A request that another plugin has answered before ours has no `securityMonitor`.
    if (type && request.securityMonitor?.isTold === false) request.securityMonitor.report(type);
    done();
  });
};

/**
 * Watches a Fastify app with a monitor: 403 with `Retry-After` for blocked addresses, suspicious requests logged by their kind and
 * counted, 403 and 429 counted, and `request.securityMonitor` for the routes. It reads no body of its own, and no value that
 * was sent is logged. Register it before the routes; set `trustProxy` where a proxy stands before the app, or all are
 * blocked as one.
 */
export const securityPlugin = fp(plugin, { name: '@artel/telemetry-service/security', fastify: '5.x' });
