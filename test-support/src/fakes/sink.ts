import { once } from 'node:events';
import { createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';

/** A server that takes whatever it is sent with 204, in place of a Loki and a Tempo, and notes what it was told in JSON. */
export interface Sink {
  readonly url: string;
  /** Names of the labels and of the structured metadata of the lines that were pushed to Loki. */
  readonly logs: { readonly labels: Set<string>; readonly metadata: Set<string> };
  /** Names of the attributes of spans and of their resources, as TraceQL has them: `span.http.route`. */
  readonly attributes: Set<string>;
  close(): Promise<void>;
}

interface LokiPush {
  readonly streams: readonly {
    readonly stream: object;
    readonly values: readonly (readonly [string, string, object?])[];
  }[];
}

interface Attributed {
  readonly attributes?: readonly { readonly key: string }[];
}

interface TraceExport {
  readonly resourceSpans: readonly {
    readonly resource: Attributed;
    readonly scopeSpans: readonly { readonly spans: readonly Attributed[] }[];
  }[];
}

/** Starts a sink on a free port of loopback. */
export async function startSink(): Promise<Sink> {
  const logs = { labels: new Set<string>(), metadata: new Set<string>() };
  const attributes = new Set<string>();

  const noteLines = ({ streams }: LokiPush): void => {
    for (const { stream, values } of streams) {
      for (const label of Object.keys(stream)) logs.labels.add(label);
      for (const [, , metadata = {}] of values) {
        for (const name of Object.keys(metadata)) logs.metadata.add(name);
      }
    }
  };
  const noteSpans = ({ resourceSpans }: TraceExport): void => {
    for (const { resource, scopeSpans } of resourceSpans) {
      for (const { key } of resource.attributes ?? []) attributes.add(`resource.${key}`);
      for (const { attributes: own = [] } of scopeSpans.flatMap(({ spans }) => spans)) {
        for (const { key } of own) attributes.add(`span.${key}`);
      }
    }
  };

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.once('end', () => {
      const raw = Buffer.concat(chunks);
      if (request.headers['content-type']?.includes('json')) {
        const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
        const told = JSON.parse(body.toString('utf8'));
        if (request.url?.includes('/loki/')) noteLines(told);
        if (request.url?.includes('/v1/traces')) noteSpans(told);
      }
      response.writeHead(204).end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the sink has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    logs,
    attributes,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
