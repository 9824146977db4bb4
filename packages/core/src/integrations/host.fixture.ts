import type { Environment } from '../page/environment';
import type { IntegrationHost } from '../telemetry';
import { createFakeTelemetry, type TelemetryCall } from '../testing/fakeTelemetry';

interface FakeHost {
  readonly host: IntegrationHost;
  /** What the integration has recorded, in order. */
  readonly calls: readonly TelemetryCall[];
}

/** Creates what an integration is given, with a client that only records its calls. */
export function fakeHost(environment: Environment, facts: Partial<IntegrationHost> = {}): FakeHost {
  const { telemetry, calls } = createFakeTelemetry();
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
