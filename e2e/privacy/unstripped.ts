// A page that leaves the launch in its address and hands it to the gateway for a token; nothing but the client.
import {
  apiCalls,
  createTelemetry,
  errors,
  pageLoad,
  type Telemetry,
  webVitals,
} from '../../packages/core/dist/index.js';

declare global {
  interface Window {
    telemetry: Telemetry;
  }
}

const initData = new URLSearchParams(location.hash.slice(1)).get('tgWebAppData') ?? '';

window.telemetry = createTelemetry({
  endpoint: '/api/metrics',
  app: 'unstripped',
  integrations: [webVitals(), pageLoad(), apiCalls(), errors()],
  async token() {
    const response = await fetch('/api/session', { method: 'POST', body: JSON.stringify({ initData }) });
    const { token } = (await response.json()) as { token: string };
    return token;
  },
});
Object.assign(window, {
  Telegram: {
    WebApp: {
      initData,
      initDataUnsafe: Object.fromEntries(
        [...new URLSearchParams(initData)].map(([name, value]) => [
          name,
          value.startsWith('{') ? JSON.parse(value) : value,
        ]),
      ),
      CloudStorage: { setItem: () => {} },
    },
  },
});
