// The page of these tests: clients with the default integrations. In its address: `clients`, how many, each of an app of
// its own; `polyfill` for a fetch that sends an XMLHttpRequest.
import {
  apiCalls,
  createTelemetry,
  pageLoad,
  type Telemetry,
  webVitals,
} from '../../packages/core/dist/index.js';

declare global {
  interface Window {
    clients: readonly Telemetry[];
  }
}

const asked = new URLSearchParams(location.search);

if (asked.has('polyfill')) {
  // As whatwg-fetch does, in short.
  window.fetch = (input, init) =>
    new Promise((resolve, reject) => {
      const request = new Request(input, init);
      const xhr = new XMLHttpRequest();
      xhr.onload = () => resolve(new Response(xhr.responseText, { status: xhr.status }));
      xhr.onerror = () => reject(new TypeError('Network request failed'));
      xhr.open(request.method, request.url);
      for (const [name, value] of request.headers) xhr.setRequestHeader(name, value);
      void request.arrayBuffer().then((body) => xhr.send(body.byteLength ? body : null));
    });
}

window.clients = Array.from({ length: Number(asked.get('clients') ?? 1) }, (_, index) =>
  createTelemetry({
    endpoint: `/api/metrics?client=${index}`,
    app: `client-${index}`,
    integrations: [webVitals(), pageLoad(), apiCalls()],
  }),
);

window.clients[0]?.trackUserAction('opened');
