import { inertTelemetry } from '../inertTelemetry';
import type { Environment } from '../page/environment';
import type { IntegrationHost, Telemetry } from '../telemetry';

/** A call of a client's method: its name and its arguments. */
type Call = readonly [method: string, ...args: unknown[]];

interface FakeHost {
  readonly host: IntegrationHost;
  /** What the integration has recorded, in order. */
  readonly calls: Call[];
}

/** Creates what an integration is given, with a client that only records its calls. */
export function fakeHost(environment: Environment, facts: Partial<IntegrationHost> = {}): FakeHost {
  const calls: Call[] = [];
  const record =
    (method: string) =>
    (...args: unknown[]) => {
      calls.push([method, ...args]);
    };
  const telemetry: Telemetry = {
    ...inertTelemetry(),
    trackApiCall: record('trackApiCall'),
    trackError: record('trackError'),
    trackPageLoad: record('trackPageLoad'),
    observe: record('observe'),
    log: {
      debug: record('debug'),
      info: record('info'),
      warn: record('warn'),
      error: record('error'),
    },
  };
  const host: IntegrationHost = {
    telemetry,
    environment,
    app: 'billiards',
    endpoint: 'https://app.test/api/metrics',
    key: undefined,
    page: () => '/lobby',
    fetch: environment.fetch,
    ...facts,
  };
  return { host, calls };
}
