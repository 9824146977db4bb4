import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Connect, Plugin } from 'vite';

/** Path prefix → origin that serves it. */
export type ProxyRoutes = Readonly<Record<string, string>>;

// Vite's own `server.proxy` prints a stack for every request that finds its target down, and answers a bare 500. For
// an app that is made to work without its servers that is an everyday thing, hence this quiet one.
function unavailable(response: ServerResponse, prefix: string) {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const detail = `What serves ${prefix} does not answer`;
  response.writeHead(503, { 'content-type': 'application/problem+json; charset=utf-8' });
  response.end(JSON.stringify({ type: 'about:blank', title: 'Service Unavailable', status: 503, detail }));
}

function forwardedFor({ headers, socket }: IncomingMessage): string {
  const before = headers['x-forwarded-for'];
  return [before, socket.remoteAddress].flat().filter(Boolean).join(', ');
}

function serves(prefix: string, url: string): boolean {
  return url === prefix || url.startsWith(`${prefix}/`) || url.startsWith(`${prefix}?`);
}

/** Hands requests under each prefix to its origin; answers 503 `application/problem+json` when that is down. */
export function proxyMiddleware(routes: ProxyRoutes): Connect.NextHandleFunction {
  const targets = Object.entries(routes).map(([prefix, origin]) => ({ prefix, origin: new URL(origin) }));
  return (request, response, next) => {
    const url = request.url ?? '/';
    const target = targets.find(({ prefix }) => serves(prefix, url));
    if (!target) {
      next();
      return;
    }
    const send = target.origin.protocol === 'https:' ? httpsRequest : httpRequest;
    const upstream = send(
      target.origin,
      {
        method: request.method,
        path: url,
        headers: { ...request.headers, connection: 'close', 'x-forwarded-for': forwardedFor(request) },
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.on('error', () => response.destroy());
        answer.pipe(response);
      },
    );
    upstream.on('error', () => unavailable(response, target.prefix));
    response.on('close', () => upstream.destroy());
    request.pipe(upstream);
  };
}

/** The Mini App's own server as the one origin that the browser talks to, in `vite` and in `vite preview`. */
export function apiProxy(routes: ProxyRoutes): Plugin {
  const middleware = proxyMiddleware(routes);
  return {
    name: 'artel:api-proxy',
    configureServer: (server) => {
      server.middlewares.use(middleware);
    },
    configurePreviewServer: (server) => {
      server.middlewares.use(middleware);
    },
  };
}
